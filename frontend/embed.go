// Package frontend holds the built single-page application and serves it from the binary.
package frontend

import (
	"embed"
	"io/fs"
)

// dist is what `npm run build` leaves. Before the first build it holds only .gitkeep, so that the Go code compiles
// in a fresh clone.
//
//go:embed all:dist
var dist embed.FS

// Files is the built application as a file system whose root holds index.html.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path: the embed directive above names it
	}
	return files
}
