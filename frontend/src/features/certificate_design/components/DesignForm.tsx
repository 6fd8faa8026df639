import {
  Alert,
  Button,
  ColorInput,
  Input,
  SegmentedControl,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import {
  type Design,
  designQuery,
  frames,
  images,
  type Language,
  languages,
  saveDesign,
  saveSample,
  type Words,
} from '../api/design'
import classes from './Design.module.css'
import { DesignPreview } from './DesignPreview'
import { draftOf, inputOf } from './draft'
import { PictureField } from './PictureField'

/** Colours that read well on white; any other can be typed. */
const swatches = ['#165a7e', '#7a1f1f', '#1f5c3a', '#5a3d7a', '#8a5a00', '#22252a']
const lines = ['title', 'body', 'post', 'signatory', 'note'] as const
const most = { title: 40, body: 200, post: 60, signatory: 60, note: 200 } as const

/** How certificates look: words, colours and pictures beside the paper that they make. */
export function DesignForm({ design, readOnly }: { design: Design; readOnly: boolean }) {
  const { t } = useTranslation('certificate_design')
  const client = useQueryClient()
  const problemText = useProblem()
  const [draft, setDraft] = useState(() => draftOf(design))
  const [language, setLanguage] = useState<Language>('ja')
  const save = useMutation({
    mutationFn: () => saveDesign(inputOf(draft)),
    onSuccess: (next) => {
      client.setQueryData(designQuery.queryKey, next)
      setDraft(draftOf(next))
      tell(t('saved'))
    },
    onError: (error) => {
      const field = problemText(error).fields[0]?.path.match(/^words\.(ja|en)\./)?.[1]
      if (field === 'ja' || field === 'en') setLanguage(field)
    },
  })
  const sample = useMutation({
    mutationFn: () => saveSample(language, inputOf(draft)),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  const wrong = save.isError ? problemText(save.error) : null
  const errorAt = (path: string) => wrong?.fields.find((one) => one.path === path)?.message
  const words = draft.words[language]
  const setWords = (change: Partial<Words>) =>
    setDraft({ ...draft, words: { ...draft.words, [language]: { ...words, ...change } } })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <div className={classes.layout}>
      <form className={classes.form} onSubmit={submit} noValidate>
        {wrong && wrong.fields.length === 0 && (
          <Alert color="red" role="alert">
            {wrong.sentence}
          </Alert>
        )}
        <section className={classes.section}>
          <h2>{t('words.heading')}</h2>
          <p className={classes.small}>{t('words.help')}</p>
          <SegmentedControl
            aria-label={t('words.language')}
            data={languages.map((value) => ({ value, label: t('language', { context: value }) }))}
            value={language}
            onChange={(value) => setLanguage(value as Language)}
          />
          {lines.map((name) => {
            const field = {
              label: t('words.field', { context: name }),
              maxLength: most[name],
              readOnly,
              value: words[name],
              error: errorAt(`words.${language}.${name}`),
            }
            return name === 'body' ? (
              <Textarea
                key={name}
                {...field}
                autosize
                minRows={2}
                onChange={(event) => setWords({ body: event.currentTarget.value })}
              />
            ) : (
              <TextInput
                key={name}
                {...field}
                description={t('words.hint', { context: name })}
                onChange={(event) => setWords({ [name]: event.currentTarget.value })}
              />
            )
          })}
        </section>
        <section className={classes.section}>
          <h2>{t('look.heading')}</h2>
          <ColorInput
            label={t('look.colour')}
            description={t('look.colourHelp')}
            format="hex"
            swatches={swatches}
            withEyeDropper={false}
            readOnly={readOnly}
            disabled={readOnly}
            value={draft.colour}
            error={errorAt('colour')}
            onChange={(colour) => setDraft({ ...draft, colour: colour.toLowerCase() })}
          />
          <Input.Wrapper label={t('look.frame')} labelElement="div">
            <SegmentedControl
              fullWidth
              aria-label={t('look.frame')}
              data={frames.map((value) => ({ value, label: t('frame', { context: value }) }))}
              value={draft.frame}
              disabled={readOnly}
              onChange={(value) => setDraft({ ...draft, frame: value as Design['frame'] })}
            />
          </Input.Wrapper>
          <Switch
            label={t('look.round')}
            checked={draft.show_round}
            disabled={readOnly}
            onChange={(event) => setDraft({ ...draft, show_round: event.currentTarget.checked })}
          />
          <Switch
            label={t('look.score')}
            checked={draft.show_score}
            disabled={readOnly}
            onChange={(event) => setDraft({ ...draft, show_score: event.currentTarget.checked })}
          />
        </section>
        <section className={classes.section}>
          <h2>{t('picture.heading')}</h2>
          {images.map((image) => {
            const error = errorAt(image)
            return (
              <PictureField
                key={image}
                image={image}
                value={draft[image]}
                readOnly={readOnly}
                {...(error && { error })}
                onChange={(picture) => setDraft({ ...draft, [image]: picture })}
              />
            )
          })}
        </section>
        {!readOnly && (
          <div className={classes.actions}>
            <Button type="submit" loading={save.isPending}>
              {t('save')}
            </Button>
            <Button
              variant="default"
              loading={sample.isPending}
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => sample.mutate()}
            >
              {t('sample')}
            </Button>
          </div>
        )}
        {design.changed_at && (
          <p className={classes.small}>
            {t('changed', { number: design.number, name: design.changed_by ?? '' })}{' '}
            <DateText value={design.changed_at} />
          </p>
        )}
      </form>
      <div className={classes.look}>
        <DesignPreview draft={draft} language={language} />
        <p className={classes.small}>{t('preview.note')}</p>
      </div>
    </div>
  )
}
