// Makes the packages of the browser test by hand, from the documented format: a zip without compression, and the pages of a course that speaks SCORM.
import { crc32 } from 'node:zlib'

/** A zip of files, stored. */
export function zip(files: Record<string, string | Buffer>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const path = Buffer.from(name)
    const body = typeof text === 'string' ? Buffer.from(text) : text
    const common = Buffer.alloc(26) // what both headers share, from "version needed" on
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2) // the name is UTF-8
    common.writeUInt32LE(crc32(body), 10)
    common.writeUInt32LE(body.length, 14)
    common.writeUInt32LE(body.length, 18)
    common.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, body])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, path]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}

interface Item {
  id: string
  title: string
  href: string
}

const adl12 =
  'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
const adl2004 =
  'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'

/** An imsmanifest.xml. `rules` stands inside the organisation of a SCORM 2004 package. */
export function manifest(standard: '1.2' | '2004', title: string, items: Item[], rules = ''): string {
  const type = standard === '1.2' ? 'scormtype' : 'scormType'
  const version = standard === '1.2' ? '1.2' : '2004 4th Edition'
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="course" version="1" ${standard === '1.2' ? adl12 : adl2004}>
<metadata><schema>ADL SCORM</schema><schemaversion>${version}</schemaversion></metadata>
<organizations default="org"><organization identifier="org"><title>${title}</title>
${items.map((one) => `<item identifier="${one.id}" identifierref="r-${one.id}"><title>${one.title}</title></item>`).join('\n')}
${rules}</organization></organizations>
<resources>${items.map((one) => `<resource identifier="r-${one.id}" type="webcontent" adlcp:${type}="sco" href="${one.href}"/>`).join('')}</resources>
</manifest>`
}

/** How packages look for their interface, as the standard describes it. */
const finding = `function find(name) { var w = window; while (w) { if (w[name]) return w[name]; if (w.parent === w) return null; w = w.parent } }`

/** A page of SCORM 1.2 with five screens that keeps where it is, and says its last while it closes. */
export const page12 = `<!doctype html><meta charset="utf-8"><title>sco</title><body>
<p id="where"></p><button id="on">進む</button> <button id="end">修了する</button>
<script>${finding}
var api = find('API'); var screen = 1
api.LMSInitialize('')
screen = Number(api.LMSGetValue('cmi.core.lesson_location')) || 1
var from = api.LMSGetValue('cmi.core.entry')
function show() { document.getElementById('where').textContent = api.LMSGetValue('cmi.core.student_name') + ' ' + from + ' 画面' + screen + ' ' + api.LMSGetValue('cmi.suspend_data') }
document.getElementById('on').onclick = function () { screen++; api.LMSSetValue('cmi.core.lesson_location', String(screen)); api.LMSSetValue('cmi.core.lesson_status', 'incomplete'); show() }
document.getElementById('end').onclick = function () { api.LMSSetValue('cmi.core.score.raw', '90'); api.LMSSetValue('cmi.core.lesson_status', 'passed'); api.LMSCommit('') }
addEventListener('pagehide', function () { api.LMSSetValue('cmi.suspend_data', 'closed-at-' + screen); api.LMSSetValue('cmi.core.exit', 'suspend'); api.LMSFinish('') })
show()
</script>`

/** A page of SCORM 2004 that is finished by a button. */
export const page2004 = (name: string) => `<!doctype html><meta charset="utf-8"><title>${name}</title><body>
<p id="where">${name}</p><button id="end">この項目を終える</button>
<script>${finding}
var api = find('API_1484_11')
api.Initialize('')
document.getElementById('end').onclick = function () { api.SetValue('cmi.completion_status', 'completed'); api.SetValue('cmi.success_status', 'passed'); api.SetValue('cmi.score.scaled', '0.8'); api.Commit(''); document.getElementById('where').textContent = '${name} 済み' }
addEventListener('pagehide', function () { api.SetValue('cmi.exit', 'suspend'); api.Terminate('') })
</script>`

/** A page that reaches for everything it should not get, and writes down what it got. */
export const hostile = (
  app: string,
  others: string[],
) => `<!doctype html><meta charset="utf-8"><body><pre id="got">…</pre>
<script>${finding}
var got = {}
function now(name, f) { try { got[name] = String(f()) } catch (e) { got[name] = 'refused' } }
async function later(name, f) { try { got[name] = String(await f()) } catch (e) { got[name] = 'refused' } }
async function reach() {
  find('API').LMSInitialize('')
  now('top document', function () { return top.document.title })
  now('top storage', function () { return top.localStorage.length })
  now('top variable', function () { return top.kenshu })
  now('cookie', function () { return document.cookie || 'none' })
  now('left by another package', function () { return localStorage.getItem('secret') || 'none' })
  now('leave the frame', function () { top.location = 'about:blank#taken'; return 'tried' })
  now('opener', function () { return window.opener || 'none' })
  await later('session', async function () { return (await fetch('${app}/api/v1/session', { credentials: 'include' })).status })
  await later('session without reading', async function () { return (await fetch('${app}/api/v1/session', { credentials: 'include', mode: 'no-cors' })).type })
  await later('outside', async function () { return (await fetch('http://localhost:1/steal', { mode: 'no-cors' })).type })
  await later('image outside', function () { return new Promise(function (done, fail) { var i = new Image(); i.onload = function () { done('loaded') }; i.onerror = fail; i.src = '${app}/icon.svg' }) })
  ${others.map((url, i) => `await later('other ${i}', async function () { var r = await fetch('${url}'); return r.status })`).join('\n  ')}
  await later('worker', async function () { await navigator.serviceWorker.register('sw.js'); return 'registered' })
  await later('frame of the application', function () { return new Promise(function (done) { var f = document.createElement('iframe'); f.src = '${app}/'; f.onload = function () { var text; try { text = f.contentDocument ? f.contentDocument.title || 'empty' : 'refused' } catch (e) { text = 'refused' } done(text) }; document.body.append(f); setTimeout(function () { done('refused') }, 1500) }) })
  top.postMessage({ kenshu: 'package-ready' }, '*')
  top.postMessage({ type: 'report', report: { activity: 'one', client_seq: 9e15, cmi: '{}', completion: 'completed', success: 'passed', score: {}, seconds: 0, at: 1 } }, '*')
  try { localStorage.setItem('secret', 'from ' + location.pathname) } catch (e) {}
  document.getElementById('got').textContent = JSON.stringify(got)
  document.getElementById('got').dataset.ready = 'yes'
}
reach()
</script>`
