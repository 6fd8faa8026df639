import { Alert, Autocomplete, Button, Group, Modal, Select, Stack, TagsInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import {
  type BankQuestion,
  bankKeys,
  categoryPaths,
  facetsQuery,
  type QuestionInput,
} from '@/components/question/bank'
import { DifficultySelect } from '@/components/question/DifficultySelect'
import { QuestionFields } from '@/components/question/QuestionFields'
import { newQuestion, ofKind, type QuestionKind, questionKinds } from '@/components/question/questions'
import { useKindName } from '@/components/question/useKindName'
import { RowsSkeleton } from '@/components/Skeletons'
import { useDraft } from '@/lib/draft'
import { tell } from '@/lib/messages'
import { type FieldError, useProblem } from '@/lib/problem-text'
import { useSession } from '@/lib/session'
import { createQuestion, questionQuery, updateQuestion } from '../api/questions'
import { Figures } from './Figures'
import { Uses } from './Uses'
import { Versions } from './Versions'

interface QuestionDialogProps {
  /** The question to change; without one a new one is written. */
  id?: string
  mayWrite: boolean
  onClose: () => void
}

/** One question of the bank: what it asks, where it belongs, where it is used, and what it asked before. */
export function QuestionDialog({ id, mayWrite, onClose }: QuestionDialogProps) {
  const { t } = useTranslation('question')
  const found = useQuery({ ...questionQuery(id ?? ''), enabled: id !== undefined })
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t(id ? 'form.edit' : 'form.new')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {id && found.isPending && <RowsSkeleton rows={6} />}
      {id && found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {(!id || found.data) && (
        <Form key={found.data?.version} found={found.data} mayWrite={mayWrite} onDone={onClose} />
      )}
    </Modal>
  )
}

interface FormProps {
  found: BankQuestion | undefined
  mayWrite: boolean
  onDone: () => void
}

function Form({ found, mayWrite, onDone }: FormProps) {
  const { t } = useTranslation('question')
  const kindName = useKindName()
  const problem = useProblem()
  const client = useQueryClient()
  const facets = useQuery(facetsQuery)
  const [errors, setErrors] = useState<FieldError[]>([])
  const { person } = useSession()
  const slot = `question.${person.id}.${found ? `${found.id}.${found.version}` : 'new'}`
  const begin = () => ({
    category: found?.category ?? '',
    tags: found?.tags ?? [],
    difficulty: found?.difficulty ?? 0,
    question: found?.question ?? newQuestion('single'),
  })
  const draft = useDraft<QuestionInput>(slot, begin, mayWrite)
  const input = draft.value
  const set = (patch: Partial<QuestionInput>) => draft.set({ ...input, ...patch })
  const giveUp = () => {
    draft.clear()
    onDone()
  }
  const save = useMutation({
    mutationFn: () =>
      found ? updateQuestion(found.id, input, found.version) : createQuestion(input, draft.key),
    onSuccess: () => {
      giveUp()
      tell(t('form.saved'))
      return client.invalidateQueries({ queryKey: bankKeys.all })
    },
    onError: (error) => {
      const said = problem(error)
      setErrors(said.fields.length > 0 ? said.fields : [{ path: '', message: said.sentence }])
    },
  })
  return (
    <Stack>
      {draft.kept && (
        <Alert color="yellow" role="status">
          {t('form.kept')}
        </Alert>
      )}
      <FormErrorSummary errors={errors} findInput={() => null} />
      <Select
        label={t('field.kind')}
        allowDeselect={false}
        value={input.question.kind}
        data={questionKinds.map((kind) => ({ value: kind, label: kindName(kind) }))}
        onChange={(kind) => kind && set({ question: ofKind(input.question, kind as QuestionKind) })}
      />
      <QuestionFields question={input.question} onChange={(question) => set({ question })} />
      <Autocomplete
        label={t('field.category')}
        description={t('field.categoryHelp')}
        maxLength={200}
        value={input.category}
        data={categoryPaths(facets.data?.categories)}
        onChange={(category) => set({ category })}
      />
      <TagsInput
        label={t('field.tags')}
        description={t('field.tagsHelp')}
        maxTags={10}
        value={input.tags}
        data={facets.data?.tags.map((one) => one.name) ?? []}
        onChange={(tags) => set({ tags })}
      />
      <DifficultySelect
        none="unknown"
        value={input.difficulty}
        onChange={(difficulty) => set({ difficulty })}
      />
      {found && <Figures id={found.id} />}
      {found && <Uses uses={found.uses ?? []} />}
      {found && found.number > 1 && <Versions id={found.id} />}
      {mayWrite && (
        <Group justify="flex-end">
          <Button variant="default" onClick={giveUp}>
            {t('common:action.cancel')}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            {t('form.save')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
