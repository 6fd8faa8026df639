package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sqlRooms are the rooms whose SQL is read.
var sqlRooms = []string{"tenant", "content", "lms", "server", "storage"}

// dialectSeam lists the files that may speak one engine's own language, because hiding that is what they are for.
var dialectSeam = []string{"storage/db/db.go", "storage/db/migrate.go", "storage/db/tx.go", "storage/db/schema.go", "storage/db/rows.go", "storage/db/transfer.go", "storage/db/clock.go"}

// hole stands for a part of a text that the source does not tell; where for " WHERE …" of a db.Cond.
const hole, where = "\x00", "\x01"

// A text is a string expression of the source with everything known about it.
type text struct {
	at     token.Position
	sql    string
	consts []string // names of the constants it is made of
	arg    string   // name of the function it is an argument of, "" otherwise
}

// sources is the parsed product: constants by package and name, and files.
type sources struct {
	set    *token.FileSet
	consts map[string]map[string]ast.Expr // package directory → name → value
	dirs   map[string]string              // package name → directory
	files  map[string]*ast.File
}

func readSources(t *testing.T) *sources {
	t.Helper()
	s := &sources{set: token.NewFileSet(), consts: map[string]map[string]ast.Expr{}, dirs: map[string]string{}, files: map[string]*ast.File{}}
	for _, room := range sqlRooms {
		err := filepath.WalkDir(filepath.Join("../..", room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(s.set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
			s.files[name] = f
			s.collect(filepath.Dir(name), f)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// collect notes the constants of a file, those inside functions too: their names are unique enough inside a package.
func (s *sources) collect(dir string, f *ast.File) {
	if s.consts[dir] == nil {
		s.consts[dir] = map[string]ast.Expr{}
	}
	s.dirs[f.Name.Name] = dir
	ast.Inspect(f, func(n ast.Node) bool {
		if g, ok := n.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, spec := range g.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for i, name := range v.Names {
						if i < len(v.Values) {
							s.consts[dir][name.Name] = v.Values[i]
						}
					}
				}
			}
		}
		return true
	})
}

// texts gives every string expression that is used: not the declarations of constants, but each place where they go.
func (s *sources) texts() []text {
	var out []text
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		f, dir := s.files[name], filepath.Dir(name)
		argOf := map[ast.Expr]string{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				return n.Tok != token.CONST && n.Tok != token.IMPORT
			case *ast.CallExpr:
				for _, a := range n.Args {
					argOf[a] = calleeName(n)
				}
			case *ast.KeyValueExpr, *ast.Field:
				return true
			case ast.Expr:
				one := text{at: s.set.Position(n.Pos()), arg: argOf[n]}
				one.at.Filename = name
				value, known := s.value(dir, n, &one, 0)
				if known {
					one.sql = strings.Join(strings.Fields(value), " ")
					out = append(out, one)
					_, literal := n.(*ast.BinaryExpr)
					return literal && !isSQL(one.sql) // a text inside of this one is no use of its own
				}
			}
			return true
		})
	}
	return out
}

func calleeName(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
		return "." + f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return "?"
}

// value evaluates a string expression; known is false when nothing of it is a text of the source.
func (s *sources) value(dir string, e ast.Expr, one *text, depth int) (value string, known bool) {
	if depth > 20 {
		return hole, false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		v, err := strconv.Unquote(e.Value)
		return v, e.Kind == token.STRING && err == nil
	case *ast.ParenExpr:
		return s.value(dir, e.X, one, depth+1)
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return hole, false
		}
		left, a := s.value(dir, e.X, one, depth+1)
		right, b := s.value(dir, e.Y, one, depth+1)
		return left + right, a || b
	case *ast.Ident:
		return s.constant(dir, e.Name, one, depth)
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && s.dirs[x.Name] != "" {
			return s.constant(s.dirs[x.Name], e.Sel.Name, one, depth)
		}
	case *ast.CallExpr:
		switch name := calleeName(e); {
		case strings.HasSuffix(name, ".SQL") && len(e.Args) == 0:
			return where, false
		case name == "db.Marks" || name == "Marks":
			return "?, ?", false
		}
	}
	return hole, false
}

func (s *sources) constant(dir, name string, one *text, depth int) (string, bool) {
	v, ok := s.consts[dir][name]
	if !ok {
		return hole, false
	}
	one.consts = append(one.consts, name)
	return s.value(dir, v, one, depth+1)
}
