package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// raceRooms are the packages in which goroutines meet.
var raceRooms = []string{"storage/blob", "storage/cache", "storage/db", "storage/mail", "tenant", "content", "lms", "server/api", "server/app"}

// alsoRacing are the tests that run under the race detector although they start no goroutine themselves: the product does, or a function they call.
var alsoRacing = []string{
	"TestMemoryConforms", "TestRedisConforms", "TestSnapshotCarriesEverythingOverARestartOnce", // short-lived values, budgets
	"TestParallelTx", "TestManyMigrateAtOnce", "TestNoKindStarvesAnother", "TestAJobThatHangsIsBrokenOff", "TestClockIsTheDatabases", // transactions, queue and worker
	"TestDir", "TestS3", "TestRefusedAndAwayAreToldApart", // files, mail
	"TestImportRaces", "TestVictimIsNotLockedOut", "TestSourceAndSpray", "TestCacheAwayIsStricterNeverOpen", "TestLogOutDuringRequest", "TestDevices", // people, throttle, sessions
	"TestManyFiles", "TestDashboardCounts", "TestMailServerAwayForAWeek", "TestDenialsAreBounded", // packages, figures, outbox, log
	"TestBudgetsGroupSources", "TestPartsGoAwayAndComeBack", // limits of requests; start and stop
}

// raceDetected runs the tests in which goroutines meet under Go's race detector; "make race" runs all of the product's.
func raceTests(ctx context.Context) tally {
	tests, err := meetings(".", raceRooms)
	if err != nil {
		return broken("race detector: %v", err)
	}
	args := []string{"-race", "-gcflags=modernc.org/sqlite/lib=-race=false", "-gcflags=modernc.org/libc=-race=false", "-vet=off",
		"-run", "^(" + strings.Join(tests, "|") + ")$", "-skip", ".*/^sqlite$"}
	for _, room := range raceRooms {
		args = append(args, "./"+room)
	}
	return goTest(ctx, args...)
}

// meetings gives the names of the tests that start goroutines, and alsoRacing. It is an error when one of those is nowhere.
func meetings(root string, rooms []string) ([]string, error) {
	var tests []string
	known := map[string]bool{}
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(root, room, "*_test.go"))
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				return nil, err
			}
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
					continue
				}
				known[f.Name.Name] = true
				if startsGoroutines(f) {
					tests = append(tests, f.Name.Name)
				}
			}
		}
	}
	var errs []error
	for _, name := range alsoRacing {
		if !known[name] {
			errs = append(errs, fmt.Errorf("there is no %s: its name stands in rig/cmd/test/race.go", name))
		}
	}
	tests = append(tests, alsoRacing...)
	slices.Sort(tests)
	return slices.Compact(tests), errors.Join(errs...)
}

// startsGoroutines reports whether a function has a go statement or calls the method Go of a sync.WaitGroup or an errgroup.Group.
func startsGoroutines(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			found = found || ok && called.Sel.Name == "Go"
		}
		return !found
	})
	return found
}
