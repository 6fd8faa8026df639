import { Button, Group, MultiSelect, NumberInput, Select } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { categoryPaths, facetsQuery, firstQuestions } from '@/components/question/bank'
import { DifficultySelect } from '@/components/question/DifficultySelect'
import { QuestionPicker } from '@/components/question/QuestionPicker'
import { RowButton } from '@/components/question/RowButton'
import { usePermission } from '@/lib/session'
import type { QuizBody } from '../api/lessons'
import classes from './QuizDraws.module.css'

type Draw = NonNullable<QuizBody['draws']>[number]

interface QuizDrawsProps {
  draws: Draw[]
  onChange: (draws: Draw[]) => void
}

/** What the quiz takes from the question bank: chosen questions, and some of those that match a rule. */
export function QuizDraws({ draws, onChange }: QuizDrawsProps) {
  const { t } = useTranslation('course')
  const may = usePermission('question:read')
  const [picking, setPicking] = useState<number | 'new' | undefined>()
  if (!may) return null
  const remove = (index: number) => onChange(draws.toSpliced(index, 1))
  const picked = (ids: string[]) => {
    setPicking(undefined)
    if (picking === 'new') return ids.length > 0 && onChange([...draws, { questions: ids }])
    if (picking !== undefined)
      onChange(ids.length > 0 ? draws.with(picking, { questions: ids }) : draws.toSpliced(picking, 1))
  }
  return (
    <section className={classes.draws} aria-labelledby="draws">
      <h2 id="draws" className={classes.heading}>
        {t('draw.title')}
      </h2>
      <p className={classes.help}>{t('draw.text')}</p>
      {draws.map((draw, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: draws have no name of their own
        <div key={index} className={classes.draw}>
          {draw.questions?.length ? (
            <Chosen ids={draw.questions} number={index + 1} onPick={() => setPicking(index)} />
          ) : (
            <Rule draw={draw} number={index + 1} onChange={(next) => onChange(draws.with(index, next))} />
          )}
          <RowButton
            label={t('draw.remove', { number: index + 1 })}
            icon={<IconTrash size={20} aria-hidden />}
            onClick={() => remove(index)}
          />
        </div>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => onChange([...draws, { count: 5 }])}
        >
          {t('draw.addRule')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => setPicking('new')}
        >
          {t('draw.addChosen')}
        </Button>
      </Group>
      {picking !== undefined && (
        <QuestionPicker
          chosen={picking === 'new' ? [] : (draws[picking]?.questions ?? [])}
          onClose={() => setPicking(undefined)}
          onPick={picked}
        />
      )}
    </section>
  )
}

function Chosen({ ids, number, onPick }: { ids: string[]; number: number; onPick: () => void }) {
  const { t } = useTranslation('course')
  const found = useQuery(firstQuestions({ id: ids }, 200))
  const items = found.data?.items ?? []
  const gone = found.isSuccess && items.filter((one) => one.state === 'active').length < ids.length
  return (
    <div className={classes.chosen}>
      <h3 className={classes.name}>{t('draw.chosen', { number, count: ids.length })}</h3>
      <ol>
        {items.map((one) => (
          <li key={one.id}>{one.question.text}</li>
        ))}
      </ol>
      {gone && <p className={classes.short}>{t('draw.gone')}</p>}
      <Button size="sm" variant="subtle" onClick={onPick}>
        {t('draw.choose')}
      </Button>
    </div>
  )
}

function Rule({ draw, number, onChange }: { draw: Draw; number: number; onChange: (draw: Draw) => void }) {
  const { t } = useTranslation('course')
  const facets = useQuery(facetsQuery)
  const { category = '', tags = [], difficulty = 0, count = 0 } = draw
  const matching = useQuery(firstQuestions({ category, tag: tags, difficulty }, 1))
  const total = matching.data?.total
  return (
    <fieldset className={classes.rule}>
      <legend className={classes.name}>{t('draw.rule', { number })}</legend>
      <div className={classes.fields}>
        <Select
          label={t('draw.category')}
          placeholder={t('draw.any')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('draw.anyCategory') }}
          value={category || null}
          data={[...new Set([...categoryPaths(facets.data?.categories), ...(category ? [category] : [])])]}
          onChange={(next) => onChange({ ...draw, category: next ?? '' })}
        />
        <MultiSelect
          label={t('draw.tags')}
          placeholder={tags.length ? '' : t('draw.any')}
          searchable
          maxValues={10}
          value={tags}
          data={facets.data?.tags.map((one) => one.name) ?? []}
          onChange={(next) => onChange({ ...draw, tags: next })}
        />
        <DifficultySelect
          none="any"
          value={difficulty}
          onChange={(next) => onChange({ ...draw, difficulty: next })}
        />
        <NumberInput
          label={t('draw.count')}
          min={1}
          max={200}
          clampBehavior="blur"
          value={count}
          onChange={(next) => onChange({ ...draw, count: typeof next === 'number' ? Math.round(next) : 0 })}
        />
      </div>
      {total !== undefined && (
        <p className={total < count ? classes.short : classes.help} role="status">
          {t(total < count ? 'draw.tooFew' : 'draw.enough', { count: total })}
        </p>
      )}
    </fieldset>
  )
}
