// Packages laid out as authoring tools publish them: files, manifests with their habits, frames, what they set, how much they keep and when they say their last. The
// layouts are those of the tools' published output; the pages are ours and small. What a tool's player does beyond this is not in here.

export interface Tool {
  name: string
  files: Record<string, string>
  /** Characters of suspend data that it keeps. */
  kept: number
}

interface Config {
  old: boolean // SCORM 1.2
  kept: number
  /** Events at which it says its last. */
  ends: string[]
  /** Sets the exit before it ends. */
  exit: string
  /** Commits after every value, or never: then only what ends it, or the player, writes down. */
  commits: boolean
  interactions?: boolean
}

/** Finds the interface as the tools' drivers do: upwards, then the opener, at most so many windows; a foreign window is the end. */
const driver = `
function findAPI(win, name) {
  var tries = 0
  while (win && !win[name] && win.parent && win.parent !== win && tries++ < 500) win = win.parent
  return win ? win[name] : null
}
function getAPI(name) {
  var api = findAPI(window, name)
  if (!api && window.opener) api = findAPI(window.opener, name)
  return api
}
var config = window.config
var api = getAPI(config.old ? 'API' : 'API_1484_11')
var ended = false
function call(what, a, b) {
  var name = config.old ? { get: 'LMSGetValue', set: 'LMSSetValue', begin: 'LMSInitialize', commit: 'LMSCommit', end: 'LMSFinish', error: 'LMSGetLastError' }[what]
    : { get: 'GetValue', set: 'SetValue', begin: 'Initialize', commit: 'Commit', end: 'Terminate', error: 'GetLastError' }[what]
  return b === undefined ? api[name](a === undefined ? '' : a) : api[name](a, b)
}
var failed = ''
function set(name, value) {
  if (String(call('set', name, value)) !== 'true') failed += ' ' + name + ':' + call('error')
  if (config.commits) call('commit')
}
var names = config.old
  ? { place: 'cmi.core.lesson_location', entry: 'cmi.core.entry', exit: 'cmi.core.exit', time: 'cmi.core.session_time', raw: 'cmi.core.score.raw', max: 'cmi.core.score.max', min: 'cmi.core.score.min' }
  : { place: 'cmi.location', entry: 'cmi.entry', exit: 'cmi.exit', time: 'cmi.session_time', raw: 'cmi.score.raw', max: 'cmi.score.max', min: 'cmi.score.min' }
if (String(call('begin')) !== 'true') failed += ' begin'
function state(screen) { var s = 's' + screen + ';'; while (s.length < config.kept) s += 'aZ09+/=' + s.length; return s.slice(0, config.kept) }
function started() { return { entry: call('get', names.entry), screen: Number(call('get', names.place)) || 1, kept: call('get', 'cmi.suspend_data') } }
function moved(screen) {
  set(names.place, String(screen))
  set('cmi.suspend_data', state(screen))
  if (config.old) set('cmi.core.lesson_status', 'incomplete')
  else set('cmi.completion_status', 'incomplete')
  if (config.interactions) {
    var n = 'cmi.interactions.' + call('get', 'cmi.interactions._count') + '.'
    set(n + 'id', 'Interaction_' + screen)
    set(n + 'type', 'choice')
    set(n + (config.old ? 'student_response' : 'learner_response'), 'a')
    set(n + 'result', config.old ? 'wrong' : 'incorrect')
    set(n + 'latency', config.old ? '00:00:03.20' : 'PT3.2S')
  }
}
function finished() {
  set(names.min, '0'); set(names.max, '100'); set(names.raw, '80')
  if (config.old) set('cmi.core.lesson_status', 'passed')
  else { set('cmi.score.scaled', '0.8'); set('cmi.success_status', 'passed'); set('cmi.completion_status', 'completed') }
  call('commit')
}
function end() {
  if (ended) return
  ended = true
  set(names.time, config.old ? '00:00:10.00' : 'PT10S')
  set(names.exit, config.exit)
  call('end')
}
config.ends.forEach(function (one) { addEventListener(one, end) })
`

/** What the learner sees: a place, a way on, an end. */
const course = (speaks: string) => `
var lms = ${speaks}
var begun = lms.started()
var screen = begun.screen
function show() {
  document.getElementById('where').textContent = begun.entry + ' 画面' + screen + ' 保存' + begun.kept.length + ' ' + (begun.kept === '' || begun.kept === lms.state(begun.screen) ? '同じ' : '違う') + lms.problems()
}
document.getElementById('on').onclick = function () { screen++; lms.moved(screen); show() }
document.getElementById('end').onclick = function () { lms.finished(); show() }
show()
`

const inWindow = (at: string) =>
  `{ started: ${at}.started, state: ${at}.state, moved: ${at}.moved, finished: ${at}.finished, problems: function () { return ${at}.failed } }`

const body = `<p id="where"></p><button id="on">進む</button> <button id="end">修了する</button>`
const page = (config: Config, scripts: string[], more = body) =>
  `<!DOCTYPE html>\r\n<html lang="ja"><head><meta charset="utf-8"><title>course</title><script>window.config = ${JSON.stringify(config)}</script></head><body>${more}${scripts.map((one) => `<script src="${one}"></script>`).join('')}</body></html>`

const root12 = `xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.imsglobal.org/xsd/imsmd_rootv1p2p1 imsmd_rootv1p2p1.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd"`
const root2004 = `xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss"`

function storyline(): Tool {
  const config: Config = { old: true, kept: 4096, ends: ['unload'], exit: 'suspend', commits: true }
  return {
    name: 'Storyline, SCORM 1.2',
    kept: config.kept,
    files: {
      'imsmanifest.xml': `<?xml version="1.0" encoding="utf-8"?>\r\n<manifest identifier="course_5xK_1" version="1.2" ${root12}>
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion><lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general><title><langstring xml:lang="x-none">Storyline &amp; 手洗い</langstring></title></general></lom></metadata>
<organizations default="B0"><organization identifier="B0"><title>Storyline &amp; 手洗い</title><item identifier="i1" identifierref="r1" isvisible="true"><title>Storyline &amp; 手洗い</title><adlcp:masteryscore></adlcp:masteryscore></item></organization></organizations>
<resources><resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="index_lms.html"><file href="index_lms.html" /><file href="lms/scormdriver.js" /></resource></resources></manifest>`,
      'index_lms.html': page(config, [
        'lms/scormdriver.js',
        'html5/data/js/data.js',
        'html5/lib/scripts/bootstrapper.min.js',
      ]),
      'lms/scormdriver.js': driver,
      'lms/blank.html': '<html></html>',
      'html5/data/js/data.js': 'window.globalProvideData = { slides: 5 }',
      'html5/lib/scripts/bootstrapper.min.js': `if (window.globalProvideData.slides === 5) { ${course(inWindow('window'))} }`,
      'story_content/user.js': '',
      'meta.xml': '<?xml version="1.0"?><meta><project id="5xK"/></meta>',
    },
  }
}

function rise(): Tool {
  const config: Config = { old: false, kept: 64_000, ends: ['unload'], exit: 'suspend', commits: false }
  return {
    name: 'Rise, SCORM 2004',
    kept: config.kept,
    files: {
      'imsmanifest.xml': `<?xml version="1.0" standalone="no" ?>
<manifest identifier="rise_course" version="1.3" ${root2004}>
<metadata><schema>ADL SCORM</schema><schemaversion>2004 3rd Edition</schemaversion></metadata>
<organizations default="B0"><organization identifier="B0" adlseq:objectivesGlobalToSystem="false"><title>Rise 手洗い</title><item identifier="i1" identifierref="r1" isvisible="true"><title>Rise 手洗い</title>
<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="PRIMARYOBJ" satisfiedByMeasure="false"/></imsss:objectives><imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/></imsss:sequencing>
<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>continue</adlnav:hideLMSUI><adlnav:hideLMSUI>previous</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation></item>
<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing></organization></organizations>
<resources><resource identifier="r1" type="webcontent" adlcp:scormType="sco" href="scormdriver/indexAPI.html"><file href="scormdriver/indexAPI.html"/></resource></resources></manifest>`,
      'scormdriver/indexAPI.html': page(
        config,
        ['scormdriver.js'],
        '<iframe id="content" name="scormdriver_content" style="border:0;width:100%;height:300px"></iframe><script>addEventListener("DOMContentLoaded", function () { document.getElementById("content").src = "../scormcontent/index.html" })</script>',
      ),
      'scormdriver/scormdriver.js': driver,
      'scormcontent/index.html': `<!doctype html><html lang="ja"><meta charset="utf-8"><title>Rise</title><body>${body}<script src="lib/main.bundle.js"></script></body></html>`,
      'scormcontent/lib/main.bundle.js': course(inWindow('parent')),
    },
  }
}

function captivate(): Tool {
  const config: Config = {
    old: true,
    kept: 12_000,
    ends: ['beforeunload', 'unload', 'pagehide'],
    exit: 'suspend',
    commits: true,
    interactions: true,
  }
  return {
    name: 'Captivate, SCORM 1.2',
    kept: config.kept,
    files: {
      'imsmanifest.xml': `\ufeff<?xml version="1.0" encoding="utf-8" ?>\r\n<!-- generated -->\r\n<manifest identifier="Course_ID1" version="1.1" ${root12}>\r\n<metadata>\r\n<schema>ADL SCORM</schema>\r\n<schemaversion>1.2</schemaversion>\r\n<adlcp:location>metadata.xml</adlcp:location></metadata>
<organizations default="Course_ID1_ORG">\r\n<organization identifier="Course_ID1_ORG">\r\n<title>Captivate 手洗い</title>\r\n<item identifier="SCO_ID1" isvisible="true" identifierref="SCO_ID1_RES" parameters="">\r\n<title>SCO Title1</title>\r\n<adlcp:prerequisites type="aicc_script"></adlcp:prerequisites>\r\n<adlcp:maxtimeallowed></adlcp:maxtimeallowed>\r\n<adlcp:timelimitaction></adlcp:timelimitaction>\r\n<adlcp:datafromlms></adlcp:datafromlms>\r\n<adlcp:masteryscore>80</adlcp:masteryscore>\r\n</item>\r\n</organization>\r\n</organizations>
<resources>\r\n<resource identifier="SCO_ID1_RES" type="webcontent" href="index_scorm.html" adlcp:scormtype="sco">\r\n<file href="index_scorm.html"/>\r\n<file href="assets\\js\\CPM.js"/>\r\n</resource>\r\n</resources>\r\n</manifest>`,
      'index_scorm.html': page(config, ['SCORM_utilities.js', 'assets/js/CPM.js']),
      'SCORM_utilities.js': driver,
      'assets\\js\\CPM.js': course(inWindow('window')), // zipped on Windows
      'goodbye.html': '<html></html>',
      'project.txt': '{"metadata":{}}',
    },
  }
}

function ispring(): Tool {
  const config: Config = {
    old: true,
    kept: 900,
    ends: ['beforeunload', 'unload'],
    exit: 'suspend',
    commits: true,
  }
  return {
    name: 'iSpring, SCORM 1.2',
    kept: config.kept,
    files: {
      'imsmanifest.xml': `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="i3E8" version="1.3" ${root12}><metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="ORG"><organization identifier="ORG"><title>iSpring 手洗い</title><item identifier="ITEM" identifierref="RES" parameters="?a=1&amp;b=手"><title>iSpring 手洗い</title></item></organization></organizations>
<resources xml:base="res/"><resource identifier="RES" type="webcontent" href="course files/index.html" adlcp:SCORMType="sco"><file href="course files/index.html"/></resource></resources></manifest>`,
      'res/course files/index.html': page(
        config,
        ['data/player.js'],
        `${body}<script>if (!/a=1/.test(location.search)) document.body.innerHTML = 'no parameters'</script>`,
      ),
      'res/course files/data/player.js': `${driver}${course(inWindow('window'))}`,
      'metainfo.xml': '<metainfo/>',
    },
  }
}

function adapt(): Tool {
  const config: Config = {
    old: true,
    kept: 700,
    ends: ['unload', 'beforeunload'],
    exit: 'suspend',
    commits: true,
    interactions: true,
  }
  return {
    name: 'Adapt, SCORM 1.2',
    kept: config.kept,
    files: {
      'imsmanifest.xml': `<?xml version="1.0" standalone="no" ?>
<manifest identifier="adapt_manifest" version="1" ${root12}><metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="adapt_scorm"><organization identifier="adapt_scorm"><title>Adapt 手洗い</title><item identifier="item_1" identifierref="resource_1"><title>Adapt 手洗い</title></item></organization></organizations>
<resources><resource identifier="resource_1" type="webcontent" href="index.html" adlcp:scormtype="sco"/></resources></manifest>`,
      'index.html': page(config, ['libraries/SCORM_API_wrapper.js', 'adapt/js/adapt.min.js']),
      'libraries/SCORM_API_wrapper.js': driver,
      // It reads its texts from files of its own before it begins.
      'adapt/js/adapt.min.js': `fetch('course/ja/course.json').then(function (r) { return r.json() }).then(function (read) { if (read._id === 'course') { ${course(inWindow('window'))} } })`,
      'course/ja/course.json': '{"_id":"course","title":"手洗い"}',
      'adapt/css/fonts/vanilla.woff': '',
    },
  }
}

/** A course of several activities that share a page, as the sample courses of the standard do: the query says which it is. */
function shared(old: boolean): Tool {
  const config: Config = { old, kept: 40, ends: ['unload'], exit: 'suspend', commits: false }
  const items = ['Playing', 'Etiquette', 'HavingFun']
  const kind = old ? 'scormtype' : 'scormType'
  return {
    name: old ? 'several activities, SCORM 1.2' : 'several activities, SCORM 2004',
    kept: config.kept,
    files: {
      'imsmanifest.xml': `<?xml version="1.0" standalone="no" ?>
<manifest identifier="shared" version="1" ${old ? root12 : root2004}><metadata><schema>ADL SCORM</schema><schemaversion>${old ? '1.2' : '2004 4th Edition'}</schemaversion></metadata>
<organizations default="org"><organization identifier="org"><title>順に進む</title>
${items.map((one) => `<item identifier="${one}_item" identifierref="${one}_resource"><title>${one}</title></item>`).join('\n')}
${old ? '' : '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>'}</organization></organizations>
<resources>${items.map((one) => `<resource identifier="${one}_resource" type="webcontent" adlcp:${kind}="sco" href="shared/launchpage.html?content=${one}"><file href="${one}/${one}.html"/><dependency identifierref="common"/></resource>`).join('')}
<resource identifier="common" type="webcontent" adlcp:${kind}="asset"><file href="shared/launchpage.html"/><file href="shared/scormfunctions.js"/></resource></resources></manifest>`,
      'shared/launchpage.html': page(
        config,
        ['scormfunctions.js'],
        '<iframe id="content" style="border:0;width:100%;height:300px"></iframe><script>addEventListener("load", function () { var which = new URLSearchParams(location.search).get("content"); document.getElementById("content").src = "../" + which + "/" + which + ".html" })</script>',
      ),
      'shared/scormfunctions.js': driver,
      'shared/course.js': course(inWindow('parent')),
      ...Object.fromEntries(
        items.map((one) => [
          `${one}/${one}.html`,
          `<!doctype html><html lang="ja"><meta charset="utf-8"><title>${one}</title><body><h1>${one}</h1>${body}<script src="../shared/course.js"></script></body></html>`,
        ]),
      ),
    },
  }
}

/** One activity each. */
export const single = [storyline(), rise(), captivate(), ispring(), adapt()]
/** Several activities, in order. */
export const several = [shared(true), shared(false)]
