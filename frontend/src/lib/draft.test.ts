import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { useDraft } from './draft'
import { forgetDrafts } from './forget-drafts'

beforeEach(() => localStorage.clear())
const open = (slot: string) => renderHook(() => useDraft(slot, () => ({ text: '' }))).result

test('what was written comes back when the form is opened again, until it is saved or given up', () => {
  const first = open('question')
  expect(first.current.kept).toBe(false)
  act(() => first.current.set({ text: '長い問題文' }))
  expect(first.current).toMatchObject({ value: { text: '長い問題文' }, kept: false })
  const second = open('question')
  expect(second.current).toMatchObject({ value: { text: '長い問題文' }, kept: true })
  expect(open('another').current.value).toEqual({ text: '' })
  act(() => second.current.clear())
  expect(open('question').current).toMatchObject({ value: { text: '' }, kept: false })
})

test('the same content is sent under the same key after a reload, other content under another', () => {
  const first = open('comment')
  act(() => first.current.set({ text: '表を直してください' }))
  const { key } = first.current
  const second = open('comment')
  expect(second.current.key).toBe(key)
  act(() => second.current.set({ text: '表と図を直してください' }))
  expect(second.current.key).not.toBe(key)
  expect(open('comment').current.key).toBe(second.current.key)
  act(() => second.current.clear())
  expect(second.current).toMatchObject({ value: { text: '' }, kept: false })
  expect(open('comment').current.key).not.toBe(second.current.key)
})

test('who may not write any more is shown nothing that was kept', () => {
  const writer = open('question')
  act(() => writer.current.set({ text: '正しい答え' }))
  const reader = renderHook(() => useDraft('question', () => ({ text: '' }), false)).result
  expect(reader.current).toMatchObject({ value: { text: '' }, kept: false })
})

test('what somebody else wrote there is nothing', () => {
  for (const text of ['{', 'null', '"text"', '{"text":"x"}']) {
    localStorage.setItem('kenshu.draft.question', text)
    expect(open('question').current).toMatchObject({ value: { text: '' }, kept: false })
  }
})

test('nobody finds what somebody else was writing', () => {
  const [ume, take] = [open('question.ume.new'), open('question.take.new')]
  act(() => ume.current.set({ text: '正しい答え' }))
  act(() => take.current.set({ text: '自分の問題' }))
  forgetDrafts('take')
  expect(open('question.ume.new').current.kept).toBe(false)
  expect(open('question.take.new').current.kept).toBe(true)
  forgetDrafts()
  expect(Object.keys(localStorage)).toEqual([])
})
