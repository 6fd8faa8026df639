// Starts a whole installation for the browser tests: embedded (one process, SQLite and a directory), or two replicas on
// MariaDB, Redis and MinIO behind a small load balancer. Only loopback; every process is ended by its own handle.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Login {
  role: string
  organisation_code: string
  login_id: string
  password: string
}

export interface Installation {
  kind: string
  url: string
  logins: Login[]
  /** Kills replica n without warning (SIGKILL). */
  kill: (n: number) => Promise<void>
  /** Starts replica n again after kill. */
  start: (n: number) => Promise<void>
  stop: () => Promise<void>
}

const binary = resolve(import.meta.dirname, '../../bin/kenshu')

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.on('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}

async function waitReady(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) throw new Error(`kenshu ended with ${child.exitCode} while starting`)
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
      if (answer.ok) return
    } catch {
      // not listening yet
    }
    await new Promise((r) => setTimeout(r, 100))
  }
  throw new Error('kenshu did not become ready within 30 s')
}

class Replica {
  child?: ChildProcess
  constructor(
    readonly port: number,
    readonly data: string,
    private readonly env: Record<string, string>,
  ) {}

  async start(): Promise<void> {
    const child = spawn(binary, ['serve'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.env },
      stdio: ['ignore', 'ignore', process.env.KENSHU_TEST_VERBOSE ? 'inherit' : 'ignore'],
    })
    this.child = child
    await waitReady(this.port, child)
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    await gone
  }
}

function readLogins(data: string): Login[] {
  const path = join(data, 'demo.json')
  if (!existsSync(path)) throw new Error(`${path} was not written`)
  return JSON.parse(readFileSync(path, 'utf8')) as Login[]
}

/** One process with nothing configured but its addresses, and what a test adds. */
export async function embedded(settings: Record<string, string> = {}): Promise<Installation> {
  const data = mkdtempSync(join(tmpdir(), 'kenshu-e2e-'))
  const [port, content] = [await freePort(), await freePort()]
  const replica = new Replica(port, data, {
    KENSHU_MODE: 'demo',
    KENSHU_DATA: data,
    KENSHU_LISTEN: `127.0.0.1:${port}`,
    KENSHU_PUBLIC_URL: `http://localhost:${port}`,
    KENSHU_CONTENT_LISTEN: `127.0.0.1:${content}`,
    KENSHU_CONTENT_URL: `http://127.0.0.1:${content}`,
    ...settings,
  })
  await replica.start()
  return {
    kind: 'embedded',
    url: `http://localhost:${port}`,
    logins: readLogins(data),
    kill: () => replica.end('SIGKILL'),
    start: () => replica.start(),
    stop: async () => {
      await replica.end('SIGTERM')
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Sends each request to the next replica, and to the other one when that one does not answer. Bodies are kept to be able to repeat. */
function balance(targets: number[]): http.Server {
  let turn = 0
  return http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (c: Buffer) => chunks.push(c))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const order = targets.map((_, i) => targets[(turn + i) % targets.length] as number)
      turn++
      const attempt = (rest: number[]) => {
        const [port, ...others] = rest
        if (port === undefined) {
          response.writeHead(502).end()
          return
        }
        const onward = http.request(
          { host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers)
            answer.pipe(response)
            answer.on('error', () => response.destroy())
          },
        )
        onward.on('error', () => (response.headersSent ? response.destroy() : attempt(others)))
        onward.end(body)
      }
      attempt(order)
    })
  })
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the browser tests through "make e2e" or "make test"`)
  return value
}

/** Two replicas on real MariaDB, Redis and MinIO. database, redis and s3 name fresh, empty places. */
export async function replicated(places: {
  database: string
  redis: string
  s3: string
}): Promise<Installation> {
  const front = await freePort()
  const content = await freePort()
  const url = `http://localhost:${front}`
  const secret = Array.from(crypto.getRandomValues(new Uint8Array(36)), (b) =>
    b.toString(16).padStart(2, '0'),
  ).join('')
  const replicas: Replica[] = []
  for (let n = 0; n < 2; n++) {
    const data = mkdtempSync(join(tmpdir(), 'kenshu-e2e-'))
    const port = await freePort()
    replicas.push(
      new Replica(port, data, {
        KENSHU_MODE: 'demo',
        KENSHU_DATA: data,
        KENSHU_LISTEN: `127.0.0.1:${port}`,
        KENSHU_PUBLIC_URL: url,
        KENSHU_CONTENT_LISTEN: `127.0.0.1:${n === 0 ? content : await freePort()}`,
        KENSHU_CONTENT_URL: `http://127.0.0.1:${content}`,
        KENSHU_DB: places.database,
        KENSHU_REDIS: places.redis,
        KENSHU_S3: places.s3,
        KENSHU_SECRET: secret,
        KENSHU_TRUSTED_PROXIES: '127.0.0.0/8',
      }),
    )
  }
  await Promise.all(replicas.map((r) => r.start())) // both at once, as a load balancer's hosts do
  const server = balance(replicas.map((r) => r.port))
  await new Promise<void>((done) => server.listen(front, '127.0.0.1', done))
  const nth = (n: number): Replica => {
    const r = replicas[n]
    if (!r) throw new Error(`no replica ${n}`)
    return r
  }
  return {
    kind: 'two replicas on MariaDB, Redis and MinIO',
    url,
    logins: readLogins(nth(0).data),
    kill: (n) => nth(n).end('SIGKILL'),
    start: (n) => nth(n).start(),
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await Promise.all(replicas.map((r) => r.end('SIGTERM')))
      for (const r of replicas) rmSync(r.data, { recursive: true, force: true })
    },
  }
}

/** The fresh places that rig/cmd/withservers offers to the browser tests. */
export function offeredPlaces(): { database: string; redis: string; s3: string } {
  return {
    database: required('KENSHU_TEST_E2E_MYSQL'),
    redis: required('KENSHU_TEST_E2E_REDIS'),
    s3: required('KENSHU_TEST_E2E_S3'),
  }
}
