package fault

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Panic is a panic that was caught where nobody else would have.
type Panic struct {
	Value any
	Where []byte // the stack
}

// Error gives the value without the stack.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Caught runs f and gives a panic of it as an error. Whatever runs in a goroutine of its own goes through it: nobody else can catch a panic there, and the whole
// process would end.
func Caught(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{v, debug.Stack()}
		}
	}()
	return f()
}

// Stack gives the stack of the panic behind err for the log, "" when there was none.
func Stack(err error) string {
	var p *Panic
	if errors.As(err, &p) {
		return string(p.Where)
	}
	return ""
}
