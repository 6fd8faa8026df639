import type { Settings } from 'scorm-again'
import { type Activity, type Listed, listed, storedState } from './activities'
import { type Committed, whole } from './reports'
import { committing, commonSettings } from './scorm12'
import type { Runtime, Stage } from './stage'

type ActivitySettings = NonNullable<NonNullable<Settings['sequencing']>['activityTree']>

/** The tree as the runtime library takes it. */
function treeOf(activity: Activity): ActivitySettings {
  return {
    ...(activity.sequencing as Partial<ActivitySettings> | undefined),
    id: activity.id,
    title: activity.title,
    isVisible: activity.visible,
    children: (activity.children ?? []).map(treeOf),
  }
}

/** SCORM 2004: one interface; with several activities sequencing decides what may be opened. */
export async function scorm2004(stage: Stage): Promise<Runtime> {
  const { Scorm2004API } = await import('scorm-again/scorm2004/min')
  const { opened, reports } = stage
  const root = opened.manifest.root
  const list = listed(root)
  const openable = list.filter((one) => one.activity.launch)
  const sequenced = openable.length > 1
  const byId = new Map(list.map((one) => [one.activity.id, one.activity]))
  let current: Activity | undefined
  let before = 0
  let delivered: Activity | undefined

  const api = new Scorm2004API({
    ...commonSettings,
    ...(sequenced && {
      sequencing: {
        activityTree: treeOf(root),
        eventListeners: {
          onActivityDelivery: (activity: { id: string }) => {
            delivered = byId.get(activity.id)
            setTimeout(() => void deliver())
          },
        },
      },
    }),
    httpService: committing((committed) => {
      if (!current) return
      remember(current.id, committed)
      reports.commit(current.id, sequenced ? ofActivity(current.id, committed) : committed, before)
      summarise()
    }),
  })
  Object.assign(window, { API_1484_11: api })

  const remember = (activity: string, committed: Committed) => {
    const state = opened.states.find((one) => one.activity === activity)
    const cmi = JSON.stringify(committed.runtimeData?.cmi ?? {})
    if (state) state.cmi = cmi
    else opened.states.push({ activity, cmi, total_seconds: 0 })
  }

  /** With sequencing the library sums up the whole package; this is what the activity said itself, or reached by its measures. */
  const ofActivity = (id: string, committed: Committed): Committed => {
    const { completion_status, success_status, score } = api.cmi
    const tracked = api.getActivityTrackingData(id)
    return {
      ...committed,
      completionStatus: tracked?.completionStatus === 'completed' ? 'completed' : completion_status,
      successStatus: success_status === 'unknown' ? (tracked?.successStatus ?? 'unknown') : success_status,
      score: {
        ...(score.scaled !== '' && { scaled: Number(score.scaled) }),
        ...(score.raw !== '' && { raw: Number(score.raw) }),
        ...(score.min !== '' && { min: Number(score.min) }),
        ...(score.max !== '' && { max: Number(score.max) }),
      },
    }
  }

  /** Asks sequencing for an activity; whether it chose one. */
  const deliveredBy = (request: string, target?: string) => {
    delivered = undefined
    return api.processNavigationRequest(request, target) && delivered !== undefined
  }

  /** Puts the interface into the state in which an activity expects it. */
  const prepare = (activity: Activity) => {
    api.reset()
    const stored = storedState(opened, activity.id)
    before = stored?.seconds ?? 0
    if (stored) api.loadFromJSON(withoutSession(stored.cmi), 'cmi')
    const { cmi } = api
    cmi.learner_id = opened.learner
    cmi.learner_name = opened.name
    cmi.credit = 'credit'
    cmi.mode = 'normal'
    cmi.entry = stored ? 'resume' : 'ab-initio'
    cmi.total_time = `PT${Math.round(before)}S`
    if (activity.data) cmi.launch_data = activity.data
    if (activity.time_limit_action) cmi.time_limit_action = activity.time_limit_action
    const sequencing = activity.sequencing as Partial<ActivitySettings> | undefined
    const goal = sequencing?.primaryObjective
    if (goal?.satisfiedByMeasure) cmi.scaled_passing_score = String(goal.minNormalizedMeasure ?? 1)
    const threshold = sequencing?.completionThreshold
    if (threshold?.completedByMeasure) cmi.completion_threshold = String(threshold.minProgressMeasure ?? 1)
  }

  const open = async (activity: Activity) => {
    await stage.clear()
    current = activity
    prepare(activity)
    const seen = () => reports.commit(activity.id, { completionStatus: 'completed' }, 0)
    await stage.show(activity)
    if (!activity.sco) seen()
    else if (activity.unsaid)
      stage.settled(() => {
        if (!api.isInitialized() && !api.isTerminated()) seen()
      })
    place()
  }

  /** Sequencing chose an activity. */
  const deliver = async () => {
    const next = delivered
    delivered = undefined
    if (!next || (next === current && !api.isTerminated() && api.isInitialized())) return
    await open(next)
    summarise()
  }

  /** How the whole package stands, as sequencing rolls it up, with the state from which it goes on. */
  const summarise = () => {
    if (!sequenced) return
    const tracked = api.getActivityTrackingData(root.id)
    reports.say({
      activity: whole,
      cmi: JSON.stringify({ sequencing: api.serializeSequencingState(), current: current?.id ?? '' }),
      completion: tracked?.completionStatus === 'completed' ? 'completed' : 'incomplete',
      success:
        tracked?.successStatus === 'passed'
          ? 'passed'
          : tracked?.successStatus === 'failed'
            ? 'failed'
            : 'unknown',
      score: {},
      seconds: 0,
    })
    place()
  }

  const place = () => {
    const valid = api.adl.nav.request_valid
    stage.tell({
      type: 'place',
      place: {
        current: current?.id ?? whole,
        items: list.filter((one) => one.shown).map(row),
        previous: sequenced && valid.previous === 'true',
        next: sequenced && valid.continue === 'true',
      },
    })
  }

  const row = ({ activity, depth }: Listed) => {
    const tracked = sequenced ? api.getActivityTrackingData(activity.id) : null
    return {
      id: activity.id,
      title: activity.title,
      depth,
      group: !activity.launch,
      open: Boolean(activity.launch),
      done: tracked?.completionStatus === 'completed' || tracked?.successStatus === 'passed',
    }
  }

  const begin = async () => {
    const first = openable[0]
    if (!first) return
    if (!sequenced) return open(first.activity)
    const stored = storedState(opened, whole)
    const left = stored && typeof stored.cmi.sequencing === 'string' ? stored.cmi : undefined
    if (left) api.deserializeSequencingState(String(left.sequencing))
    const last = left ? byId.get(String(left.current)) : undefined
    if (last?.launch && deliveredBy('choice', last.id)) return
    if (deliveredBy('start')) return
    for (const one of openable) if (deliveredBy('choice', one.activity.id)) return
    await open(first.activity) // the rules let nothing be opened: better than an empty page
  }

  return {
    start: begin,
    async go(request, target) {
      await stage.clear() // the activity says its last and ends
      if (api.isInitialized()) api.lmsFinish('')
      const asked = request === 'next' ? 'continue' : request
      if (deliveredBy(asked, target) || !current || deliveredBy('choice', current.id)) return
      await open(current) // the rules let nothing follow: it stays where it was
    },
    commit: () => {
      if (api.isInitialized()) api.lmsCommit('')
    },
  }
}

/** What must not be carried into a new session. */
function withoutSession(cmi: Record<string, unknown>): Record<string, unknown> {
  const kept = { ...cmi }
  delete kept.session_time
  delete kept.exit
  delete kept.total_time
  return kept
}
