import { describe, expect, it } from 'vitest'
import {
  formatTime,
  merged,
  parseCaptions,
  parseTime,
  problemsOf,
  shifted,
  split,
  writeCaptions,
} from './captions'

describe('captions', () => {
  it('reads and writes times', () => {
    expect(parseTime('01:02:03.456')).toBe(3_723_456)
    expect(parseTime('2:03,5')).toBe(123_500)
    expect(parseTime('7')).toBe(7000)
    expect(parseTime('1:2:3:4')).toBeUndefined()
    expect(parseTime('abc')).toBeUndefined()
    expect(formatTime(3_723_456)).toBe('01:02:03.456')
    expect(formatTime(-5)).toBe('00:00:00.000')
  })

  it('reads SubRip of a speech tool', () => {
    const srt =
      '\ufeff1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>こんにちは</i>\r\n二行目\r\n\r\n2\r\n0:00:05,5 --> 0:00:08,500\r\n{\\an8}髙橋です\r\n'
    expect(parseCaptions(srt)).toEqual([
      { start: 1000, end: 4000, text: 'こんにちは\n二行目' },
      { start: 5500, end: 8500, text: '髙橋です' },
    ])
  })

  it('reads WebVTT with headers, notes, styles, names and settings', () => {
    const vtt =
      'WEBVTT - title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE nothing\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Anna>A &amp; B</v>\n\n'
    expect(parseCaptions(vtt)).toEqual([{ start: 1000, end: 2000, text: 'A & B' }])
  })

  it('reads again what it wrote, whatever was typed', () => {
    const cues = [
      { start: 5000, end: 6000, text: '二つ目 <b> & --> 矢印' },
      { start: 0, end: 1000, text: '一つ目\n\n\n空行の後' },
    ]
    const again = parseCaptions(writeCaptions(cues))
    expect(again.map((one) => one.text)).toEqual(['一つ目\n空行の後', '二つ目 <b> & --> 矢印'])
    expect(writeCaptions(again)).toBe(writeCaptions(cues))
  })

  it('finds what is wrong', () => {
    expect(
      problemsOf([
        { start: 0, end: 2000, text: 'よい' },
        { start: 1000, end: 1000, text: '時間がない' },
        { start: 3000, end: 3100, text: 'これはとても読めない' },
        { start: 4000, end: 5000, text: ' \n' },
      ]),
    ).toEqual([['overlap'], ['times'], ['fast'], ['empty']])
  })

  it('splits, merges and shifts without losing a word', () => {
    const [a, b] = split({ start: 0, end: 10_000, text: 'はじめ。おわり。' }, 4)
    expect([a.text, b.text, a.end, b.start, b.end]).toEqual(['はじめ。', 'おわり。', 5000, 5000, 10_000])
    expect(merged(a, b)).toEqual({ start: 0, end: 10_000, text: 'はじめ。\nおわり。' })
    expect(shifted([{ start: 500, end: 900, text: 'x' }], -600)).toEqual([{ start: 0, end: 300, text: 'x' }])
  })
})
