import { DEFAULT_THEME, mergeMantineTheme } from '@mantine/core'
import { describe, expect, it } from 'vitest'
import { cssVariablesResolver, theme } from './theme'

const full = mergeMantineTheme(DEFAULT_THEME, theme)
const variables = cssVariablesResolver(full)

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [light = 0, dim = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dim + 0.05)
}

const inks = ['text', 'dimmed', 'placeholder', 'anchor', 'error'].map((name) => `--mantine-color-${name}`)

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const colors: Record<string, string> = variables[scheme]
  const value = (name: string) => colors[name] ?? ''
  const grounds = [value('--mantine-color-body'), value('--kenshu-surface'), value('--kenshu-accent-soft')]

  it.each([...inks, '--kenshu-accent'])('%s reads on every ground', (ink) => {
    for (const ground of grounds) expect(contrast(value(ink), ground)).toBeGreaterThanOrEqual(4.5)
  })
  it('shows the border of a field', () => {
    expect(contrast(value('--kenshu-field'), value('--kenshu-surface'))).toBeGreaterThanOrEqual(3)
  })
})

describe('buttons', () => {
  it('are legible in the accent', () => {
    expect(contrast(full.colors.ai?.[8] ?? '', '#ffffff')).toBeGreaterThanOrEqual(7)
  })
})
