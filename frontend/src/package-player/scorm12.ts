import type { Settings } from 'scorm-again'
import { type Activity, clockTime, type Listed, listed, storedState } from './activities'
import { type Committed, whole } from './reports'
import type { Runtime, Stage } from './stage'

/** How long after a value was set it is written down, in seconds. */
export const autocommitSeconds = 2

/** A way of committing that tells nobody but us. */
export function committing(told: (committed: Committed) => void): NonNullable<Settings['httpService']> {
  return {
    processHttpRequest: (_url, params) => {
      told(params as Committed)
      return { result: 'true', errorCode: 0 }
    },
    updateSettings: () => undefined,
  }
}

export const commonSettings: Settings = {
  autocommit: true,
  autocommitSeconds,
  lmsCommitUrl: 'kept',
  renderCommonCommitFields: true,
  logLevel: 'NONE',
}

/** SCORM 1.2: each activity has an interface of its own, and the learner goes from one to the next. */
export async function scorm12(stage: Stage): Promise<Runtime> {
  const { Scorm12API } = await import('scorm-again/scorm12/min')
  type API = InstanceType<typeof Scorm12API>
  const { opened, reports } = stage
  const list = listed(opened.manifest.root)
  const openable = list.filter((one) => one.activity.launch && one.shown)
  const all = openable.length > 0 ? openable : list.filter((one) => one.activity.launch)
  const done = new Set(opened.states.filter((one) => isDone(one.cmi)).map((one) => one.activity))
  let current: Activity | undefined
  let api: API | undefined

  const interfaceFor = (activity: Activity): API => {
    const stored = storedState(opened, activity.id)
    const made: API = new Scorm12API({
      ...commonSettings,
      mastery_override: Boolean(activity.mastery_score),
      httpService: committing((committed) => {
        remember(activity.id, committed)
        reports.commit(activity.id, committed, stored?.seconds ?? 0)
        if (committed.completionStatus === 'completed' && committed.successStatus !== 'failed')
          done.add(activity.id)
        place()
      }),
    })
    if (stored) made.loadFromJSON(withoutSession(stored.cmi), 'cmi')
    const { core, student_data } = made.cmi
    core.student_id = opened.learner
    core.student_name = opened.name
    core.credit = 'credit'
    core.lesson_mode = 'normal'
    core.entry = stored ? 'resume' : 'ab-initio'
    core.total_time = clockTime(stored?.seconds ?? 0)
    if (activity.mastery_score) student_data.mastery_score = activity.mastery_score
    if (activity.max_time) student_data.max_time_allowed = activity.max_time
    if (activity.time_limit_action) student_data.time_limit_action = activity.time_limit_action
    if (activity.data) made.cmi.launch_data = activity.data
    return made
  }

  /** A second visit in this launch goes on from the first. */
  const remember = (activity: string, committed: Committed) => {
    const state = opened.states.find((one) => one.activity === activity)
    const cmi = JSON.stringify(committed.runtimeData?.cmi ?? {})
    if (state) state.cmi = cmi
    else opened.states.push({ activity, cmi, total_seconds: 0 })
  }

  const place = () =>
    stage.tell({
      type: 'place',
      place: {
        current: current?.id ?? whole,
        items: list
          .filter((one) => one.shown)
          .map(({ activity, depth }) => ({
            id: activity.id,
            title: activity.title,
            depth,
            group: !activity.launch,
            open: Boolean(activity.launch),
            done: done.has(activity.id),
          })),
        previous: at() > 0,
        next: at() < all.length - 1,
      },
    })
  const at = () => all.findIndex((one) => one.activity.id === current?.id)

  const open = async (next: Listed | undefined) => {
    if (!next) return
    await stage.clear()
    current = next.activity
    api = current.sco ? interfaceFor(current) : undefined
    Object.assign(window, { API: api })
    const { id, sco, unsaid } = current
    const seen = () => {
      done.add(id)
      reports.commit(id, { completionStatus: 'completed' }, 0)
      place()
    }
    await stage.show(current)
    if (unsaid)
      stage.settled(() => {
        if (!api?.isInitialized() && !api?.isTerminated()) seen()
      })
    if (sco) place()
    else seen()
  }

  return {
    start: () => open(all.find((one) => !done.has(one.activity.id)) ?? all[0]),
    go: (request, target) =>
      open(
        request === 'choice'
          ? all.find((one) => one.activity.id === target)
          : all[at() + (request === 'next' ? 1 : -1)],
      ),
    commit: () => {
      if (api?.isInitialized()) api.lmsCommit('')
    },
  }
}

/** What must not be carried into a new session. */
function withoutSession(cmi: Record<string, unknown>): Record<string, unknown> {
  const core = { ...(cmi.core as Record<string, unknown> | undefined) }
  delete core.session_time
  delete core.exit
  delete core.total_time
  return { ...cmi, core }
}

function isDone(cmi: string): boolean {
  const read = JSON.parse(cmi) as { core?: { lesson_status?: string } } | null
  return read?.core?.lesson_status === 'completed' || read?.core?.lesson_status === 'passed'
}
