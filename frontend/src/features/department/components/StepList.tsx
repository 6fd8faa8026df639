import { ActionIcon, Button, Group, Menu, Modal, Stack } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Department, Step, StepKind } from '../api/departments'
import { after } from '../steps'
import { isComplete, StepFields } from './StepFields'
import classes from './Tree.module.css'

const kinds: StepKind[] = ['create', 'rename', 'move', 'move_people', 'merge', 'close', 'reopen']

interface StepListProps {
  steps: Step[]
  departments: Department[]
  day: string
  /** Absent: to be read only. */
  onChange?: (steps: Step[]) => void
}

/** The steps of a plan in order, each in a sentence. */
export function StepList({ steps, departments, day, onChange }: StepListProps) {
  const { t } = useTranslation('department')
  const [asked, setAsked] = useState<{ index: number; step: Step }>()
  const put = (index: number, step: Step) =>
    onChange?.(steps.map((one, i) => (i === index ? step : one)).concat(index === steps.length ? [step] : []))
  const swap = (a: number, b: number) => {
    const list = [...steps]
    const [one, other] = [list[a], list[b]]
    if (!one || !other) return
    list[a] = other
    list[b] = one
    onChange?.(list)
  }
  return (
    <Stack>
      <ol className={classes.line}>
        {steps.map((step, index) => {
          const text = sentenceOf(step, after(departments, steps.slice(0, index), day))
          const number = index + 1
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            <li key={index}>
              <span className={classes.count}>{number}</span>
              <span className={classes.grow}>{t('sentence', { context: step.kind, ...text })}</span>
              {onChange && (
                <Group gap={4}>
                  <ActionIcon
                    variant="default"
                    size="lg"
                    aria-label={t('plan.up', { number })}
                    disabled={index === 0}
                    onClick={() => swap(index, index - 1)}
                  >
                    <IconArrowUp size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    size="lg"
                    aria-label={t('plan.down', { number })}
                    disabled={index === steps.length - 1}
                    onClick={() => swap(index, index + 1)}
                  >
                    <IconArrowDown size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    size="lg"
                    aria-label={t('plan.edit', { number })}
                    onClick={() => setAsked({ index, step })}
                  >
                    <IconPencil size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    size="lg"
                    aria-label={t('plan.drop', { number })}
                    onClick={() => onChange(steps.filter((_, i) => i !== index))}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Group>
              )}
            </li>
          )
        })}
      </ol>
      {onChange && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden />}
              style={{ alignSelf: 'start' }}
            >
              {t('plan.add')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {kinds.map((kind) => (
              <Menu.Item
                key={kind}
                onClick={() =>
                  setAsked({
                    index: steps.length,
                    step: { kind, department_id: kind === 'create' ? crypto.randomUUID() : '' },
                  })
                }
              >
                {t('plan.kind', { context: kind })}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {asked && (
        <Modal
          opened
          onClose={() => setAsked(undefined)}
          title={t('plan.kind', { context: asked.step.kind })}
          size="lg"
          closeButtonProps={{ 'aria-label': t('common:action.close') }}
        >
          <Stack>
            <StepFields
              choose
              step={asked.step}
              onChange={(step) => setAsked({ ...asked, step })}
              departments={after(departments, steps.slice(0, asked.index), day)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsked(undefined)}>
                {t('common:action.cancel')}
              </Button>
              <Button
                disabled={!isComplete(asked.step)}
                onClick={() => {
                  put(asked.index, asked.step)
                  setAsked(undefined)
                }}
              >
                {t('plan.take')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Stack>
  )
}

/** What stands in the sentence of a step. */
function sentenceOf(step: Step, departments: Department[]) {
  const path = (id?: string) => departments.find((one) => one.id === id)?.path ?? '—'
  return {
    department: path(step.department_id),
    name: step.name ?? '',
    parent: step.parent_id ? path(step.parent_id) : '—',
    into: step.into_id ? path(step.into_id) : '—',
  }
}
