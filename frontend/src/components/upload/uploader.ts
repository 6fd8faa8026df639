import { newKey } from '@/lib/api/idempotency-key'
import { asProblem, isTemporary, type Problem, ProblemError } from '@/lib/api/problem'
import {
  type Asset,
  type AssetKind,
  completeUpload,
  createAsset,
  findUpload,
  partLinks,
  type Upload,
} from '@/lib/assets'
import { fingerprint, forget, remember } from './unfinished'

const parallel = 3
const tries = 6

export interface UploadState {
  phase: 'starting' | 'sending' | 'paused' | 'waiting' | 'finishing' | 'done' | 'failed'
  sent: number
  size: number
  asset?: Asset
  problem?: Problem
}

/** Why the store did not take a part: it is in trouble, or the link or the whole upload at the store is over. */
function refusal(status: number): Error {
  if (status >= 500) return new TypeError('fetch: store in trouble')
  return new ProblemError({ status: 409, title: '', key: 'upload_incomplete' })
}

/** Sends one file in parts straight to the object store, three at a time; can be paused, and resumed by another visit. */
export class Uploader {
  private state: UploadState
  private requests = new Set<XMLHttpRequest>()
  private progress = new Map<number, number>()
  private stopped = false
  private readonly key = newKey()

  constructor(
    private readonly kind: AssetKind,
    private readonly file: File,
    /** Where the file is wanted; an unfinished upload is found again by it. */
    private readonly slot: string,
    private readonly tell: (state: UploadState) => void,
    /** An unfinished upload of the same file. */
    private uploadId: string | undefined,
  ) {
    this.state = { phase: 'starting', sent: 0, size: file.size }
  }

  private set(patch: Partial<UploadState>) {
    this.state = { ...this.state, ...patch }
    this.tell(this.state)
  }

  /** Runs until the file is whole, paused or refused. */
  async run(): Promise<void> {
    this.stopped = false
    this.set({ phase: 'starting' })
    try {
      for (let round = 1; ; round++) {
        try {
          return await this.round()
        } catch (error) {
          const lost = asProblem(error).key === 'upload_incomplete'
          if (this.stopped || !lost || round >= tries) throw error
          await this.moment(round) // the store lost a part, or is joining them: ask again what is missing
        }
      }
    } catch (error) {
      if (!this.stopped) this.set({ phase: 'failed', problem: asProblem(error) })
    }
  }

  private async round(): Promise<void> {
    const upload = await this.patiently(() => this.find())
    if (upload.state !== 'done') await this.sendMissing(upload)
    if (this.stopped) return
    this.set({ phase: 'finishing' })
    const asset = await this.patiently(() => completeUpload(upload.id))
    forget(this.slot)
    this.set({ phase: 'done', asset, sent: this.file.size })
  }

  private async find(): Promise<Upload> {
    if (this.uploadId) {
      try {
        return await findUpload(this.uploadId)
      } catch (error) {
        const { status } = asProblem(error)
        if (status !== 404 && status !== 410) throw error
        this.uploadId = undefined // dropped after 7 days: begin anew
      }
    }
    const upload = await createAsset(this.kind, this.file, this.key)
    this.uploadId = upload.id
    remember(this.slot, { upload: upload.id, ...(await fingerprint(this.file)) })
    return upload
  }

  private async sendMissing(upload: Upload): Promise<void> {
    this.progress = new Map(upload.received.map((part) => [part.number, part.size]))
    const missing = Array.from({ length: upload.part_count }, (_, i) => i + 1).filter(
      (n) => !this.progress.has(n),
    )
    this.count('sending')
    const worker = async () => {
      for (let next = missing.shift(); next !== undefined && !this.stopped; next = missing.shift()) {
        const number = next
        await this.patiently(() => this.sendPart(upload, number))
      }
    }
    const workers = await Promise.allSettled(Array.from({ length: parallel }, worker))
    const failed = workers.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }

  private count(phase: UploadState['phase']) {
    let sent = 0
    for (const bytes of this.progress.values()) sent += bytes
    this.set({ phase: this.stopped ? 'paused' : phase, sent })
  }

  private async sendPart(upload: Upload, number: number): Promise<void> {
    const [link] = await partLinks(upload.id, [number])
    if (!link || this.stopped) return
    const from = (number - 1) * upload.part_size
    await this.put(link.url, this.file.slice(from, from + link.size), number)
    this.progress.set(number, link.size)
    this.count('sending')
  }

  /** fetch cannot tell how far a body is, so this is an XMLHttpRequest. */
  private put(url: string, body: Blob, number: number): Promise<void> {
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest()
      this.requests.add(request)
      request.upload.onprogress = (event) => {
        this.progress.set(number, event.loaded)
        this.count('sending')
      }
      request.onload = () => (request.status < 300 ? done() : fail(refusal(request.status)))
      request.onerror = () => fail(new TypeError('fetch: network'))
      request.onabort = () => fail(new TypeError('fetch: paused'))
      request.onloadend = () => this.requests.delete(request)
      request.open('PUT', url)
      request.send(body)
    })
  }

  /** Tries again after a lost connection; waits for the network while there is none. */
  private async patiently<T>(act: () => Promise<T>): Promise<T> {
    for (let n = 1; ; n++) {
      try {
        return await act()
      } catch (error) {
        if (this.stopped || n >= tries || !isTemporary(asProblem(error))) throw error
        this.count('waiting')
        await this.moment(n)
      }
    }
  }

  private moment(n: number): Promise<void> {
    return new Promise((done) => setTimeout(done, Math.min(1000 * 2 ** n, 20_000)))
  }

  /** Stops sending; run goes on from what the store has. */
  pause(): void {
    this.stopped = true
    for (const request of this.requests) request.abort()
    this.set({ phase: 'paused' })
  }

  /** Stops for good. What had arrived is dropped by the server after 7 days. */
  cancel(): void {
    this.pause()
    forget(this.slot)
  }
}
