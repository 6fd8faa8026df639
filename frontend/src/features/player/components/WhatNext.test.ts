import { expect, it } from 'vitest'
import type { Outline, OwnEnrolment } from '@/lib/learning'
import { nextOf } from './WhatNext'

const own = (id: string, standing: OwnEnrolment['standing']) => ({ id, standing }) as OwnEnrolment
const course = (...opens: string[]) =>
  ({ id: 'done', opens: opens.map((enrolment) => ({ title: '', enrolment })) }) as unknown as Outline

it('puts what the course opened before what is more pressing, and leaves out what cannot be done', () => {
  const all = [
    own('late', 'overdue'),
    own('soon', 'due'),
    own('done', 'in_progress'),
    own('opened', 'to_do'),
    own('future', 'upcoming'),
    own('old', 'done'),
    own('shut', 'closed'),
  ]
  expect(nextOf(course('opened', 'future'), all).map((one) => one.id)).toEqual(['opened', 'late', 'soon'])
  expect(nextOf(course(), all).map((one) => one.id)).toEqual(['late', 'soon', 'opened'])
  expect(nextOf(course(), [own('done', 'done')])).toEqual([])
})
