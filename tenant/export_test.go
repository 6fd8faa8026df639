package tenant

// Busy takes every place at which passwords are checked until free is called.
func (c *Credentials) Busy() (free func()) {
	for range cap(c.hasher.slots) {
		c.hasher.slots <- struct{}{}
	}
	return func() {
		for range cap(c.hasher.slots) {
			<-c.hasher.slots
		}
	}
}
