import { render, screen } from '@testing-library/react'
import i18next from 'i18next'
import { beforeEach, expect, it } from 'vitest'
import { startTexts } from '@/app/texts'
import en from '../locales/en.json'
import { UndoCounts } from './UndoCounts'

beforeEach(async () => {
  localStorage.setItem('kenshu.language', 'en')
  await startTexts()
  i18next.addResourceBundle('en', 'person_import', en)
})

it('has a line for what concerns somebody and none for what concerns nobody', () => {
  render(
    <UndoCounts count={{ remove: 1200, restore: 1, return: 0, kept_changed: 2, kept_used: 1, gone: 0 }} />,
  )
  expect(screen.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
    '1,200 newly registered people: removed',
    '1 changed person: back to the earlier values',
    '3 people: left alone',
  ])
})
