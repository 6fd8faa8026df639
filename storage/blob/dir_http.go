package blob

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"kenshu/fault"
)

// slowestPart is how long the body of one part may take to arrive.
const slowestPart = time.Hour

// Handler serves the links of ReadURL and PartURL below HandlerPath of the content origin.
func (d *Dir) Handler() http.Handler { return http.HandlerFunc(d.serve) }

func (d *Dir) serve(w http.ResponseWriter, r *http.Request) {
	d.fence(w, r)
	token, below := strings.CutPrefix(r.URL.Path, HandlerPath)
	var err error
	switch {
	case !below:
		err = absent(nil)
	case r.Method == http.MethodOptions:
		d.preflight(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		err = d.serveObject(w, r, token)
	case r.Method == http.MethodPut:
		err = d.servePart(w, r, token)
	default:
		w.Header().Set("Allow", "GET, HEAD, PUT, OPTIONS")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
	if err != nil {
		refuse(w, err)
	}
}

// fence sets what every answer carries: uploaded bytes run nothing, are stored nowhere, and only the application's pages
// may read them from another origin.
func (d *Dir) fence(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // the application is another origin
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, no-store")
	h.Add("Vary", "Origin")
	if r.Header.Get("Origin") == d.app {
		h.Set("Access-Control-Allow-Origin", d.app)
		h.Set("Access-Control-Expose-Headers", "ETag, Accept-Ranges, Content-Range, Content-Disposition")
	}
}

func (d *Dir) preflight(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != d.app {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, PUT")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Range, If-Range")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

func (d *Dir) serveObject(w http.ResponseWriter, r *http.Request, token string) error {
	c, err := d.signer.verify(purposeRead, token, d.clock())
	if err != nil {
		return err
	}
	f, info, err := d.open(r.Context(), c.Key)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", info.ContentType)
	if c.Type != "" {
		h.Set("Content-Type", c.Type)
	}
	h.Set("Content-Disposition", c.Disposition)
	h.Set("ETag", `"`+info.ETag+`"`)
	http.ServeContent(w, r, "", info.Modified, io.NewSectionReader(f, 0, info.Size))
	return nil
}

func (d *Dir) servePart(w http.ResponseWriter, r *http.Request, token string) error {
	c, err := d.signer.verify(purposePart, token, d.clock())
	if err != nil {
		return err
	}
	switch {
	case r.ContentLength > c.Size:
		return fault.New(fault.TooLarge, "file_too_large", "max", c.Size)
	case r.ContentLength < 0:
		return fault.New(fault.Invalid, "upload_part") // S3 wants the length as well
	case r.ContentLength < c.Size:
		return short(nil)
	}
	// The server's own read timeout is made for small requests; a writer without deadlines keeps what it has.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(slowestPart))
	info, err := d.receive(r.Context(), c, r.Body)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", `"`+info.ETag+`"`)
	w.WriteHeader(http.StatusOK)
	return nil
}

// refuse answers with the fault's key alone; the page turns it into a sentence.
func refuse(w http.ResponseWriter, err error) {
	status, known := map[fault.Kind]int{
		fault.Forbidden: http.StatusForbidden, fault.Gone: http.StatusGone, fault.NotFound: http.StatusNotFound,
		fault.TooLarge: http.StatusRequestEntityTooLarge, fault.Invalid: http.StatusBadRequest, fault.Unavailable: http.StatusServiceUnavailable,
	}[fault.KindOf(err)]
	key := "internal"
	var f *fault.Error
	if errors.As(err, &f) {
		key = f.Key
	}
	if !known {
		status = http.StatusInternalServerError
	}
	http.Error(w, key, status)
}
