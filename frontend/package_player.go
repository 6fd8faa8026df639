package frontend

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// PackagePlayer serves the script of the frame that runs packages, below /package-player/ of the content origin. It is built apart from the page
// (vite.package.config.ts).
func PackagePlayer() http.Handler { return playerOf(Files()) }

func playerOf(built fs.FS) http.Handler {
	files := load(built)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		found, ok := files[name]
		if !ok || !strings.HasPrefix(name, "package-player/") || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			http.NotFound(w, r)
			return
		}
		found.serve(w, r)
	})
}
