package app

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metricsPatience is how long counting may take while Prometheus waits.
const metricsPatience = 3 * time.Second

// observe gives the function that measures requests, nil when nobody can read the metrics.
func (a *App) observe() func(route, method string, status int, took time.Duration) {
	if a.Config.OpsListen == "" {
		return nil
	}
	a.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "kenshu_request_seconds", Help: "Requests that a route answered, by its pattern.",
		Buckets: []float64{.005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30, 120},
	}, []string{"route", "method", "status"})
	return func(route, method string, status int, took time.Duration) {
		if route == "" {
			route, method = "(none)", "(any)" // never what was sent: it can be anything, and each value stays in memory
		}
		a.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// metricsHandler serves Prometheus metrics of the process, its requests, the database pool, background work and mail; only the private listener has it.
func metricsHandler(a *App) http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewDBStatsCollector(a.DB.Raw(), "kenshu"), work{a})
	if a.requests != nil {
		reg.MustRegister(a.requests)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	return mux
}

// work collects what waits in the whole installation; every replica tells the same. While the database is away there is nothing but kenshu_part_up.
type work struct{ app *App }

var (
	metricBuild = prometheus.NewDesc("kenshu_build_info", "1; the version of this replica.", []string{"version", "database"}, nil)
	metricPart  = prometheus.NewDesc("kenshu_part_up", "Whether a part answers this replica: 1 or 0.", []string{"part"}, nil)
	metricFull  = prometheus.NewDesc("kenshu_part_full", "Whether a part had no room for something this replica wrote within the last minute: 1 or 0.", []string{"part"}, nil)
	metricJobs  = prometheus.NewDesc("kenshu_jobs", "Background work that is not done, by kind and state (queued, running, failed: given up).", []string{"kind", "state"}, nil)
	metricLate  = prometheus.NewDesc("kenshu_job_late_seconds", "For how long the oldest queued work of a kind could have begun.", []string{"kind"}, nil)
	metricClock = prometheus.NewDesc("kenshu_clock_ahead_seconds", "How far the clock of this replica's machine is ahead of the database's, which counts; under a second is 0.", nil, nil)
	metricStray = prometheus.NewDesc("kenshu_clock_strayed_seconds", "How far the database's clock is ahead of the time that counts, because it jumped and is not believed; 0 is right.", nil, nil)
	metricFree  = prometheus.NewDesc("kenshu_disk_free_bytes", "Room on the disk where this replica keeps a part; of a part elsewhere it is not known.", []string{"part"}, nil)
	metricDisk  = prometheus.NewDesc("kenshu_disk_bytes", "Size of that disk.", []string{"part"}, nil)
	metricFiles = prometheus.NewDesc("kenshu_storage_bytes", "Files in the object store, by kind; counted every six hours.", []string{"kind"}, nil)
	metricSize  = prometheus.NewDesc("kenshu_database_bytes", "Size of the database, on MySQL and MariaDB an estimate; taken every six hours.", nil, nil)
	metricMail  = prometheus.NewDesc("kenshu_mail_failing", "Messages that wait because the mail server could not be reached or put them off.", nil, nil)
)

// Describe names the metrics.
func (work) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{metricBuild, metricPart, metricFull, metricJobs, metricLate, metricClock, metricStray, metricFree, metricDisk, metricFiles, metricSize, metricMail} {
		c <- d
	}
}

// Collect asks for their values.
func (w work) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(metricBuild, 1, Version, string(w.app.DB.Engine()))
	if w.app.clock != nil {
		gauge(metricClock, w.app.clock.Lead().Seconds())
		gauge(metricStray, w.app.clock.Strayed().Seconds())
	}
	for _, p := range w.app.Services.Operations.Parts(context.Background()) { // with a time of its own: a part that hangs must not hide the counts
		up, full := 1.0, 0.0
		if p.Away != nil {
			up = 0
		}
		if p.Full {
			full = 1
		}
		gauge(metricPart, up, p.Name)
		gauge(metricFull, full, p.Name)
		if p.Room.Total > 0 {
			gauge(metricFree, float64(p.Room.Free), p.Name)
			gauge(metricDisk, float64(p.Room.Total), p.Name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), metricsPatience)
	defer cancel()
	if d, err := w.app.Services.Outbox.Deliveries(ctx); err == nil {
		gauge(metricMail, float64(d.Failing))
	}
	if s, err := w.app.Services.StorageUse.Last(ctx); err == nil {
		gauge(metricSize, float64(s.Database))
		for _, k := range s.Kinds {
			gauge(metricFiles, float64(k.Bytes), k.Kind)
		}
	}
	jobs, err := w.app.DB.CountJobs(ctx)
	if err != nil {
		return
	}
	for _, j := range jobs {
		gauge(metricJobs, float64(j.Jobs), j.Kind, j.State)
		if j.State == "queued" {
			gauge(metricLate, max(0, w.app.Clock().Sub(j.Oldest.Time).Seconds()), j.Kind)
		}
	}
}
