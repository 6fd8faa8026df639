import { type RefObject, useEffect, useRef } from 'react'
import {
  type OpenedPackage,
  type PackagePlace,
  type PackageReport,
  type PageMessage,
  type ReadyMessage,
  readFrameMessage,
  type StartMessage,
} from '@/lib/package-bridge'

interface Heard {
  onReport: (report: PackageReport) => Promise<void>
  onPlace: (place: PackagePlace) => void
  onFailed: () => void
}

/** How long a frame that has gone may still be heard: its pages say their last while they are taken away. */
const echo = 3000

/**
 * The page's end of the bridge to a package's frame. Only that very frame, and only while it shows the content origin, gets a port; everything comes through the port
 * and is read as a claim. A frame that begins anew gets a new port, and the old one falls silent.
 */
export function useBridge(frame: RefObject<HTMLIFrameElement | null>, opened: OpenedPackage, heard: Heard) {
  const port = useRef<MessagePort>(undefined)
  const told = useRef(heard)
  told.current = heard
  useEffect(() => {
    const origin = new URL(opened.url).origin
    const connect = (event: MessageEvent<ReadyMessage>) => {
      const target = frame.current?.contentWindow
      if (event.origin !== origin || !target || event.source !== target) return
      if (event.data?.kenshu !== 'package-ready') return
      const channel = new MessageChannel()
      port.current?.close()
      port.current = channel.port1
      channel.port1.onmessage = (said) => listen(channel.port1, said.data, told)
      const start: StartMessage = { kenshu: 'package-start', opened }
      target.postMessage(start, origin, [channel.port2])
    }
    addEventListener('message', connect)
    return () => {
      removeEventListener('message', connect)
      const last = port.current
      port.current = undefined
      if (last) setTimeout(() => last.close(), echo)
    }
  }, [frame, opened])
  return {
    go(request: 'next' | 'previous' | 'choice', target?: string) {
      const message: PageMessage = { type: 'go', request, ...(target !== undefined && { target }) }
      port.current?.postMessage(message)
    },
  }
}

function listen(port: MessagePort, data: unknown, told: RefObject<Heard>) {
  const message = readFrameMessage(data)
  switch (message?.type) {
    case 'report': {
      const { report } = message
      const kept: PageMessage = { type: 'kept', activity: report.activity, seq: report.client_seq }
      void told.current.onReport(report).then(() => port.postMessage(kept))
      return
    }
    case 'place':
      return told.current.onPlace(message.place)
    case 'failed':
      return told.current.onFailed()
  }
}
