import { describe, expect, it } from 'vitest'
import type { FrameMessage, OpenedPackage, PackageReport } from '@/lib/package-bridge'
import type { Activity } from './activities'
import { Reports } from './reports'
import { scorm12 } from './scorm12'
import { scorm2004 } from './scorm2004'
import type { Runtime, Stage } from './stage'

interface Interface12 {
  LMSInitialize(p: string): string
  LMSGetValue(name: string): string
  LMSSetValue(name: string, value: string): string
  LMSCommit(p: string): string
  LMSFinish(p: string): string
}
interface Interface2004 {
  Initialize(p: string): string
  GetValue(name: string): string
  SetValue(name: string, value: string): string
  Commit(p: string): string
  Terminate(p: string): string
}
const api12 = () => (window as unknown as { API: Interface12 }).API
const api2004 = () => (window as unknown as { API_1484_11: Interface2004 }).API_1484_11

const sco = (id: string, more: Partial<Activity> = {}): Activity => ({
  id,
  title: id,
  launch: `${id}.html`,
  sco: true,
  visible: true,
  ...more,
})

function opened(
  standard: 'scorm_1.2' | 'scorm_2004',
  children: Activity[],
  root: Partial<Activity> = {},
): OpenedPackage {
  return {
    launch: 'l',
    number: 1,
    url: 'http://content/',
    expires: '',
    manifest: {
      standard,
      version: '',
      title: 'T',
      shared_objectives: true,
      skipped: 0,
      root: { id: 'org', title: 'T', visible: true, children, ...root },
    },
    parameters: '',
    learner: 'abc',
    name: '山田 花子',
    states: [],
  }
}

/** A theatre without a browser: what is shown is a name, and leaving it does what its page would. */
function theatre(from: OpenedPackage) {
  const said = new Map<string, PackageReport>()
  const shown: string[] = []
  let leave: (() => void) | undefined
  let settled: (() => void) | undefined
  const tell = (message: FrameMessage) => {
    if (message.type === 'report') said.set(message.report.activity, message.report)
  }
  const clear = async () => {
    leave?.()
    leave = undefined
    settled = undefined
  }
  const stage: Stage = {
    opened: from,
    reports: new Reports(from, tell, () => true),
    tell,
    clear,
    settled: (then) => {
      settled = then
    },
    async show(activity) {
      await clear()
      shown.push(activity.id)
    },
  }
  return {
    stage,
    said,
    shown,
    leaving: (what: () => void) => {
      leave = what
    },
    /** What is shown has loaded and had its time. */
    settle: () => settled?.(),
    /** What the next launch begins with. */
    next: (): OpenedPackage => ({
      ...from,
      states: [...said.values()].map((one) => ({
        activity: one.activity,
        cmi: one.cmi,
        total_seconds: Math.round(one.seconds),
      })),
    }),
  }
}

const soon = () => new Promise((done) => setTimeout(done, 20))
const started = async (runtime: Promise<Runtime>) => {
  const made = await runtime
  await made.start()
  await soon()
  return made
}

describe('SCORM 1.2', () => {
  it('goes on where it was left, with its time added up', async () => {
    const first = theatre(opened('scorm_1.2', [sco('one', { mastery_score: '80', data: 'x=1' })]))
    await started(scorm12(first.stage))
    const api = api12()
    expect(api.LMSInitialize('')).toBe('true')
    expect(api.LMSGetValue('cmi.core.entry')).toBe('ab-initio')
    expect(api.LMSGetValue('cmi.core.student_name')).toBe('山田 花子')
    expect(api.LMSGetValue('cmi.launch_data')).toBe('x=1')
    api.LMSSetValue('cmi.core.lesson_location', 'p7')
    api.LMSSetValue('cmi.suspend_data', 'あ'.repeat(100))
    api.LMSSetValue('cmi.core.session_time', '0000:01:30')
    api.LMSFinish('')
    expect(first.said.get('one')).toMatchObject({ completion: 'incomplete', success: 'unknown', seconds: 90 })

    const second = theatre(first.next())
    await started(scorm12(second.stage))
    const again = api12()
    again.LMSInitialize('')
    expect(again.LMSGetValue('cmi.core.entry')).toBe('resume')
    expect(again.LMSGetValue('cmi.core.lesson_location')).toBe('p7')
    expect(again.LMSGetValue('cmi.suspend_data')).toBe('あ'.repeat(100))
    expect(again.LMSGetValue('cmi.core.total_time')).toMatch(/00:01:30/)
    again.LMSSetValue('cmi.core.score.raw', '85')
    again.LMSSetValue('cmi.core.session_time', '0000:00:10')
    again.LMSFinish('')
    expect(second.said.get('one')).toMatchObject({ success: 'passed', seconds: 10, score: { raw: 85 } })
  })

  it('opens what is not done yet, and another item when asked', async () => {
    const play = theatre(opened('scorm_1.2', [sco('one'), sco('two'), sco('text', { sco: false })]))
    const runtime = await started(scorm12(play.stage))
    api12().LMSInitialize('')
    api12().LMSSetValue('cmi.core.lesson_status', 'completed')
    api12().LMSFinish('')
    await runtime.go('choice', 'text')
    expect(play.said.get('text')?.completion).toBe('completed')
    await runtime.go('previous')
    expect(play.shown).toEqual(['one', 'text', 'two'])
    const later = theatre(play.next())
    await started(scorm12(later.stage))
    expect(later.shown).toEqual(['two'])
  })
})

describe('SCORM 2004', () => {
  it('one activity goes on where it was left', async () => {
    const first = theatre(opened('scorm_2004', [sco('one')]))
    await started(scorm2004(first.stage))
    const api = api2004()
    expect(api.Initialize('')).toBe('true')
    api.SetValue('cmi.location', '5')
    api.SetValue('cmi.exit', 'suspend')
    api.SetValue('cmi.session_time', 'PT1M')
    api.Terminate('')
    expect(first.said.get('one')).toMatchObject({ seconds: 60 })
    const second = theatre(first.next())
    await started(scorm2004(second.stage))
    api2004().Initialize('')
    expect(api2004().GetValue('cmi.entry')).toBe('resume')
    expect(api2004().GetValue('cmi.location')).toBe('5')
    expect(api2004().GetValue('cmi.total_time')).toBe('PT60S')
  })

  const flow = { sequencing: { sequencingControls: { choice: true, flow: true } } }

  /** The page of an activity, which says its last when it is left. */
  const enter = (play: ReturnType<typeof theatre>, exit = 'suspend') => {
    expect(api2004().Initialize('')).toBe('true')
    play.leaving(() => {
      api2004().SetValue('cmi.exit', exit)
      api2004().Terminate('')
    })
  }
  const finish = () => {
    api2004().SetValue('cmi.completion_status', 'completed')
    api2004().SetValue('cmi.success_status', 'passed')
    expect(api2004().Commit('')).toBe('true')
  }

  it('sequencing leads from one to the next, over a new launch too', async () => {
    const first = theatre(opened('scorm_2004', [sco('one'), sco('two')], flow))
    const runtime = await started(scorm2004(first.stage))
    enter(first)
    finish()
    await runtime.go('next')
    await soon()
    expect(first.shown).toEqual(['one', 'two'])
    enter(first)
    expect(first.said.get('one')).toMatchObject({ completion: 'completed', success: 'passed' })
    await first.stage.clear() // the window closes

    const second = theatre(first.next())
    await started(scorm2004(second.stage))
    expect(second.shown).toEqual(['two'])
    enter(second)
    finish()
    expect(second.said.get('two')).toMatchObject({ completion: 'completed', success: 'passed' })
    await second.stage.clear()
    expect(second.said.get('')).toMatchObject({ completion: 'completed' })
  })

  it('a rule closes an activity until another is passed', async () => {
    const closed = {
      sequencing: {
        sequencingRules: {
          preConditionRules: [
            {
              action: 'disabled',
              conditionCombination: 'any',
              conditions: [
                { condition: 'satisfied', operator: 'not', referencedObjective: 'goal' },
                { condition: 'objectiveStatusKnown', operator: 'not', referencedObjective: 'goal' },
              ],
            },
          ],
        },
        objectives: [
          { objectiveID: 'goal', mapInfo: [{ targetObjectiveID: 'g', readSatisfiedStatus: true }] },
        ],
      },
    }
    const opening = {
      sequencing: {
        primaryObjective: {
          objectiveID: 'p',
          isPrimary: true,
          mapInfo: [{ targetObjectiveID: 'g', writeSatisfiedStatus: true }],
        },
      },
    }
    const play = theatre(opened('scorm_2004', [sco('one', opening), sco('two', closed)], flow))
    const runtime = await started(scorm2004(play.stage))
    enter(play)
    await runtime.go('choice', 'two')
    await soon()
    expect(play.shown.at(-1)).toBe('one')
    enter(play, 'normal')
    finish()
    await runtime.go('choice', 'two')
    await soon()
    expect(play.shown.at(-1)).toBe('two')
  })
})

describe('an activity of which the manifest does not say whether it reports', () => {
  const completed = (house: ReturnType<typeof theatre>) => house.said.get('a')?.completion
  for (const [standard, run] of [
    ['scorm_1.2', scorm12],
    ['scorm_2004', scorm2004],
  ] as const) {
    it(`is done when it stays silent (${standard})`, async () => {
      const house = theatre(opened(standard, [sco('a', { unsaid: true })]))
      await started(run(house.stage))
      expect(completed(house)).not.toBe('completed')
      house.settle()
      await soon()
      expect(completed(house)).toBe('completed')
    })
    it(`is asked when it speaks (${standard})`, async () => {
      const house = theatre(opened(standard, [sco('a', { unsaid: true })]))
      await started(run(house.stage))
      if (standard === 'scorm_1.2') api12().LMSInitialize('')
      else api2004().Initialize('')
      house.settle()
      await soon()
      expect(completed(house)).not.toBe('completed')
    })
  }
})
