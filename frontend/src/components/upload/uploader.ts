import { newKey } from '@/lib/api/idempotency-key'
import { asProblem, isTemporary, type Problem, ProblemError } from '@/lib/api/problem'
import {
  type Asset,
  type AssetKind,
  completeUpload,
  createAsset,
  deleteAsset,
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
  private progress = new Map<number, number>()
  /** Ends the run that is under way: none that was paused goes on beside the one after it. */
  private control = new AbortController()
  private readonly key = newKey()
  private asset: string | undefined
  private cancelled = false

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
    const { problem: _, ...state } = this.state
    this.state = { ...state, ...patch }
    this.tell(this.state)
  }

  /** Runs until the file is whole, paused or refused. What another try may mend pauses it. */
  async run(): Promise<void> {
    this.control.abort()
    this.control = new AbortController()
    const { signal } = this.control
    this.set({ phase: 'starting' })
    try {
      for (let round = 1; ; round++) {
        try {
          return await this.round(signal)
        } catch (error) {
          const lost = asProblem(error).key === 'upload_incomplete'
          if (signal.aborted || !lost || round >= tries) throw error
          await moment(round, signal) // the store lost a part, or is joining them: ask again what is missing
        }
      }
    } catch (error) {
      if (signal.aborted) return
      this.control.abort() // parts that are still being sent
      const problem = asProblem(error)
      this.set({ phase: isTemporary(problem) ? 'paused' : 'failed', problem })
    }
  }

  private async round(signal: AbortSignal): Promise<void> {
    const upload = await this.patiently(signal, () => this.find())
    if (upload.state !== 'done') await this.sendMissing(upload, signal)
    if (signal.aborted) return
    this.set({ phase: 'finishing' })
    const asset = await this.patiently(signal, () => completeUpload(upload.id))
    if (signal.aborted) return
    forget(this.slot)
    this.set({ phase: 'done', asset, sent: this.file.size })
  }

  private async find(): Promise<Upload> {
    if (this.uploadId) {
      try {
        const upload = await findUpload(this.uploadId)
        this.asset = upload.asset.id
        return upload
      } catch (error) {
        const { status } = asProblem(error)
        if (status !== 404 && status !== 410) throw error
        this.uploadId = undefined // dropped after 7 days: begin anew
      }
    }
    const upload = await createAsset(this.kind, this.file, this.key)
    this.uploadId = upload.id
    this.asset = upload.asset.id
    if (this.cancelled) this.drop()
    else remember(this.slot, { upload: upload.id, ...(await fingerprint(this.file)) })
    return upload
  }

  private async sendMissing(upload: Upload, signal: AbortSignal): Promise<void> {
    this.progress = new Map(upload.received.map((part) => [part.number, part.size]))
    const missing = Array.from({ length: upload.part_count }, (_, i) => i + 1).filter(
      (n) => !this.progress.has(n),
    )
    this.count('sending')
    const worker = async () => {
      for (let next = missing.shift(); next !== undefined && !signal.aborted; next = missing.shift()) {
        const number = next
        await this.patiently(signal, () => this.sendPart(upload, number, signal))
      }
    }
    const workers = await Promise.allSettled(Array.from({ length: parallel }, worker))
    const failed = workers.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }

  private count(phase: UploadState['phase']) {
    let sent = 0
    for (const bytes of this.progress.values()) sent += bytes
    this.set({ phase, sent })
  }

  private async sendPart(upload: Upload, number: number, signal: AbortSignal): Promise<void> {
    const [link] = await partLinks(upload.id, [number])
    if (!link || signal.aborted) return
    const from = (number - 1) * upload.part_size
    await this.put(link.url, this.file.slice(from, from + link.size), number, signal)
    if (signal.aborted) return
    this.progress.set(number, link.size)
    this.count('sending')
  }

  /** fetch cannot tell how far a body is, so this is an XMLHttpRequest. */
  private put(url: string, body: Blob, number: number, signal: AbortSignal): Promise<void> {
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest()
      const abort = () => request.abort()
      signal.addEventListener('abort', abort)
      request.upload.onprogress = (event) => {
        if (signal.aborted) return
        this.progress.set(number, event.loaded)
        this.count('sending')
      }
      request.onload = () => (request.status < 300 ? done() : fail(refusal(request.status)))
      request.onerror = () => fail(new TypeError('fetch: network'))
      request.onabort = () => fail(new TypeError('fetch: paused'))
      request.onloadend = () => signal.removeEventListener('abort', abort)
      request.open('PUT', url)
      request.send(body)
    })
  }

  /**
   * Tries again after a lost connection. While our own server cannot be reached it waits, however long: the network is away, and comes back. A server or store
   * that answers but is in trouble is asked a few times.
   */
  private async patiently<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    let troubles = 0
    for (let n = 1; ; n++) {
      try {
        return await act()
      } catch (error) {
        if (signal.aborted || !isTemporary(asProblem(error))) throw error
        const away = error instanceof ProblemError && error.problem.key === 'network'
        troubles = away ? 0 : troubles + 1
        if (troubles >= tries) throw error
        this.count('waiting')
        await moment(n, signal)
        if (signal.aborted) throw error
      }
    }
  }

  /** Stops sending; run goes on from what the store has. */
  pause(): void {
    this.control.abort()
    this.set({ phase: 'paused' })
  }

  /** Stops for good and frees what had arrived. */
  cancel(): void {
    this.cancelled = true
    this.pause()
    forget(this.slot)
    this.drop()
  }

  private drop(): void {
    if (this.asset) void deleteAsset(this.asset).catch(() => {}) // without a network the server does it after 7 days
  }
}

/** A pause that grows with n; it ends at once when the network comes back, or nobody waits any more. */
function moment(n: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer)
      removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, Math.min(1000 * 2 ** n, 20_000))
    addEventListener('online', end)
    signal.addEventListener('abort', end)
  })
}
