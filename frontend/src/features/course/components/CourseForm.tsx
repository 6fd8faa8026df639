import {
  Button,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { useSession } from '@/lib/session'
import {
  type Course,
  type CourseFields,
  courseKeys,
  courseQuery,
  createCourse,
  offersQuery,
  updateCourse,
} from '../api/courses'
import { CoverField } from './CoverField'
import { Sharing } from './Sharing'

interface CourseFormProps {
  /** The course to change; without it a new one is made. */
  course?: Course
  onClose: () => void
  onDone: (course: Course) => void
}

/** Title, summary, language and sharing of a course, in a dialog. */
export function CourseForm({ course, onClose, onDone }: CourseFormProps) {
  const { t, i18n } = useTranslation('course')
  const { organisation } = useSession()
  const queries = useQueryClient()
  const { key } = useIdempotencyKey()
  const problemText = useProblem()
  const [errors, setErrors] = useState<FieldError[]>([])
  const form = useForm<CourseFields>({
    initialValues: course
      ? {
          title: course.title,
          summary: course.summary,
          language: course.language,
          shared: course.shared,
          review_needed: course.review_needed,
          ordered: course.ordered,
          requires: course.requires.map((one) => one.course),
          audience: course.audience,
          minutes: course.minutes,
          ...(course.cover_id && { cover_id: course.cover_id }),
          organisations: course.organisations,
        }
      : {
          title: '',
          summary: '',
          language: i18n.language === 'en' ? 'en' : 'ja',
          shared: 'none',
          review_needed: false,
          ordered: false,
          requires: [],
          audience: '',
          minutes: 0,
          organisations: [],
        },
    validate: {
      title: (value) => (value.trim() === '' ? t('form.titleMissing') : null),
      organisations: (value, values) =>
        values.shared === 'chosen' && !value?.length ? t('form.organisationsMissing') : null,
    },
    validateInputOnBlur: true,
  })
  const save = useMutation({
    mutationFn: (fields: CourseFields) =>
      course ? updateCourse(course.id, course.version, fields) : createCourse(fields, key),
    onSuccess: async (saved) => {
      queries.setQueryData(courseQuery(saved.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: courseKeys.lists() })
      onDone(saved)
    },
    onError: (error) => setErrors(applyProblem(form, problemText(error))),
  })
  const submit = form.onSubmit(
    (fields) => {
      setErrors([])
      save.mutate(fields)
    },
    (found) => setErrors(linesOf(found)),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(course ? 'form.change' : 'form.new')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormErrorSummary errors={errors} findInput={form.getInputNode} />
          <TextInput
            data-autofocus
            label={t('form.title')}
            maxLength={200}
            required
            {...form.getInputProps('title')}
          />
          <Textarea
            label={t('form.summary')}
            description={t('form.summaryHelp')}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={2000}
            {...form.getInputProps('summary')}
          />
          <Select
            label={t('form.language')}
            data={[
              { value: 'ja', label: t('common:language.ja') },
              { value: 'en', label: t('common:language.en') },
            ]}
            allowDeselect={false}
            {...form.getInputProps('language')}
          />
          <TextInput
            label={t('form.audience')}
            description={t('form.audienceHelp')}
            maxLength={200}
            {...form.getInputProps('audience')}
          />
          <NumberInput
            label={t('form.minutes')}
            description={t('form.minutesHelp')}
            min={0}
            max={10_000}
            allowDecimal={false}
            {...form.getInputProps('minutes')}
            onChange={(value) => form.setFieldValue('minutes', Number(value) || 0)}
          />
          <CoverField
            value={form.values.cover_id}
            onChange={(cover) => form.setFieldValue('cover_id', cover)}
            slot={`${course?.id ?? 'new course'} cover`}
          />
          <Switch
            label={t('form.ordered')}
            description={t('form.orderedHelp')}
            checked={form.values.ordered ?? false}
            onChange={(event) => form.setFieldValue('ordered', event.currentTarget.checked)}
          />
          <Requires course={course} {...form.getInputProps('requires')} />
          {organisation.kind === 'association' && (
            <Sharing
              shared={form.values.shared}
              onShared={(shared) => form.setFieldValue('shared', shared)}
              members={form.getInputProps('organisations')}
            />
          )}
          <Switch
            label={t('form.review')}
            description={t('form.reviewHelp')}
            checked={form.values.review_needed ?? false}
            onChange={(event) => form.setFieldValue('review_needed', event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t(course ? 'form.save' : 'form.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface RequiresProps {
  course: Course | undefined
  value?: string[]
  onChange?: (value: string[]) => void
}

/** The courses that must be completed before this one. */
function Requires({ course, ...input }: RequiresProps) {
  const { t } = useTranslation('course')
  const offers = useQuery(offersQuery)
  const known = new Map((course?.requires ?? []).map((one) => [one.course, one.title]))
  for (const one of offers.data ?? []) if (one.course !== course?.id) known.set(one.course, one.title)
  return (
    <MultiSelect
      label={t('form.requires')}
      description={t('form.requiresHelp')}
      searchable
      maxValues={10}
      nothingFoundMessage={t('form.requiresNone')}
      data={[...known].map(([value, label]) => ({ value, label }))}
      {...input}
    />
  )
}
