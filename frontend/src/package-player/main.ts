// The frame on the content origin: it holds the SCORM interface where the package's pages look for it, shows those pages in a frame of its own, and speaks with the
// application's page. It has no session and asks the server for nothing.
import type {
  FrameMessage,
  OpenedPackage,
  PageMessage,
  ReadyMessage,
  StartMessage,
} from '@/lib/package-bridge'
import { Reports } from './reports'
import { scorm12 } from './scorm12'
import { scorm2004 } from './scorm2004'
import { type Runtime, stageIn } from './stage'

const app = document.body.dataset.app ?? ''

function run(opened: OpenedPackage, port: MessagePort) {
  const tell = (message: FrameMessage) => port.postMessage(message)
  const reports = new Reports(opened, tell, (body) =>
    navigator.sendBeacon(`${document.body.dataset.base}report`, body),
  )
  let runtime: Runtime | undefined
  let going: Promise<void> = Promise.resolve()
  /** One thing after the other; what fails is told and stops nothing. */
  const then = (work: () => Promise<void>) => {
    going = going.then(work).catch(() => tell({ type: 'failed' }))
  }
  port.onmessage = (event: MessageEvent<PageMessage>) => {
    const message = event.data
    if (message.type === 'kept') reports.kept(message.activity, message.seq)
    else then(async () => runtime?.go(message.request, message.target))
  }
  addEventListener('pagehide', () => reports.close())
  addEventListener('pageshow', () => reports.back())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') runtime?.commit()
  })
  then(async () => {
    const stage = stageIn(document.body, opened, reports, tell)
    runtime = await (opened.manifest.standard === 'scorm_2004' ? scorm2004(stage) : scorm12(stage))
    await runtime.start()
  })
}

/** Only the application's page may say what to run, and only once. */
function listen(event: MessageEvent<StartMessage>) {
  const port = event.ports[0]
  if (event.origin !== app || event.source !== parent || event.data?.kenshu !== 'package-start' || !port)
    return
  removeEventListener('message', listen)
  run(event.data.opened, port)
}

if (parent !== window && app) {
  addEventListener('message', listen)
  const ready: ReadyMessage = { kenshu: 'package-ready' }
  parent.postMessage(ready, app)
}
