import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { BankQuestion } from '@/components/question/bank'
import { useKindName } from '@/components/question/useKindName'
import type { Column } from '@/components/table/types'
import classes from './Question.module.css'

/** What the list shows of each question. */
export function useQuestionColumns(): Column<BankQuestion>[] {
  const { t } = useTranslation('question')
  const kindName = useKindName()
  const hard = ['', t('difficulty.easy'), t('difficulty.medium'), t('difficulty.hard')]
  return [
    {
      id: 'text',
      header: t('field.text'),
      card: 'title',
      cell: (row) => <span className={classes.text}>{row.question.text}</span>,
    },
    { id: 'kind', header: t('field.kind'), width: '9rem', cell: (row) => kindName(row.question.kind) },
    { id: 'category', header: t('field.category'), width: '13rem', cell: (row) => row.category },
    { id: 'tags', header: t('field.tags'), width: '10rem', cell: (row) => row.tags.join('、') },
    {
      id: 'difficulty',
      header: t('field.difficulty'),
      width: '6rem',
      cell: (row) => hard[row.difficulty] ?? '',
    },
    {
      id: 'updated',
      header: t('field.updated'),
      width: '8rem',
      cell: (row) => <DateText value={row.updated_at} />,
    },
  ]
}
