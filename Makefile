# The commands of the project; README.md says what they are for. Everything they need beyond Go and Node they obtain themselves.
SHELL := /bin/bash
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS := -s -w -X kenshu/server/app.Version=$(VERSION)
WITH := go run ./rig/cmd/withservers
TEST := $(WITH) -memory

.PHONY: run build page test test-go test-page race e2e hostile fault attack access fuzz bench bench-day bench-backup sbom lint fmt generate clean

run: build ## build and start with the demonstration organisations
	KENSHU_MODE=demo ./bin/kenshu serve

build: page ## the one binary with the page inside; nomsgpack leaves out a codec of gin that nothing uses (6 MB)
	CGO_ENABLED=0 go build -tags nomsgpack -trimpath -ldflags '$(LDFLAGS)' -o bin/kenshu ./server

page: frontend/node_modules/.installed
	cd frontend && npm run --silent build

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

test: build ## every test: Go on both engines with real servers, the page, and a real browser
	go run ./rig/cmd/test

test-go: ## Go tests only
	$(TEST) -- go test ./...

test-page: frontend/node_modules/.installed
	cd frontend && npm run --silent check && npm test

e2e: build ## the whole path in a real Chromium, embedded and with two replicas
	$(TEST) -- go test -count=1 -v ./rig/e2e

hostile: build ## hostile text on every page in both languages, every button pressed; takes more than five minutes (each page once in make test)
	$(TEST) -- sh -c 'cd frontend && node_modules/.bin/tsx e2e/hostile.ts embedded'

access: build ## every page by keyboard, enlarged, with less motion, axe; into the page that JIS X 8341-3 asks for; takes five minutes
	$(TEST) -- sh -c 'cd frontend && node_modules/.bin/tsx e2e/access.ts --out src/features/accessibility/result.json'

fault: build ## kills, cuts and outages under load, many of each, into docs/faults.md; takes a quarter of an hour
	go test -count=1 -timeout 90m -v ./rig/fault -kills 100 -cuts 20 -steps 0 -old release -report $(CURDIR)/docs/faults.md

attack: ## attacks, every mutation of the protections, fuzzing; into docs/attack.md; takes an hour
	$(TEST) -- go test -count=1 -timeout 3h -v ./rig/attack -all -report $(CURDIR)/docs/attack.md

fuzz: ## every reader of foreign bytes looks for new inputs, half a minute each
	go test -count=1 -timeout 1h -v ./rig/attack -run TestFuzz -all -fuzz-for 30s

bench: build ## figures into docs/benchmarks.md
	$(WITH) -- go run ./rig/bench
	$(MAKE) bench-day

bench-day: ## the last day before a deadline, on 10 to 10,000 organisations, on a MariaDB of its own; needs 10 GB of disk and half an hour
	go run ./rig/bench -parts day

bench-backup: build ## backup and restore of 10,000 organisations with 1,000,000 people, on both databases; needs 20 GB of disk and an hour or more
	$(WITH) -- go run ./rig/bench -parts backup

# SQLite itself, translated from C, is left out: a quarter of the time, and every other package is watched.
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false

race: ## the tests of the product's rooms under Go's race detector; needs a C compiler and half an hour
	CGO_ENABLED=1 $(TEST) -- go test $(RACE) -count=1 -timeout 60m ./fault/... ./storage/... ./tenant/... ./content/... ./lms/... ./server/... ./frontend

sbom: frontend/node_modules/.installed ## what the binary is made of, as CycloneDX, into bin/kenshu.cdx.json
	mkdir -p bin && go run ./rig/cmd/sbom $(VERSION) >bin/kenshu.cdx.json

lint: page ## formatting, linters, types, derived files, known vulnerabilities
	go run ./rig/cmd/lint

fmt:
	gofmt -w $$(git ls-files '*.go')
	cd frontend && npx biome check --write .

generate: frontend/node_modules/.installed ## API description, typed client, rights matrix, configuration reference
	go run ./rig/cmd/generate
	cd frontend && npm run --silent api

clean:
	rm -rf bin frontend/dist/assets
