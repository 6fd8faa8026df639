import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '../api/design'
import classes from './Design.module.css'
import type { Draft } from './draft'

/** The certificate as it will be printed, drawn while one types. Lengths are those of the paper. */
export function DesignPreview({ draft, language }: { draft: Draft; language: Language }) {
  const { t } = useTranslation('certificate_design', { lng: language })
  const words = draft.words[language]
  const signed = [words.post, words.signatory].filter(Boolean).join('　')
  const wide = language === 'ja' && words.title.length <= 6
  return (
    <div className={classes.desk}>
      <div
        className={classes.paper}
        lang={language}
        data-frame={draft.frame}
        style={{ '--accent': draft.colour } as CSSProperties}
        role="img"
        aria-label={t('preview.label', { title: words.title })}
      >
        {draft.logo.shown && <img className={classes.logo} src={draft.logo.shown} alt="" />}
        <p className={classes.title} data-wide={wide || undefined}>
          {words.title}
        </p>
        <span className={classes.rule} />
        <p className={classes.organisation}>{t('preview.organisation')}</p>
        <p className={classes.name}>{t('preview.name')}</p>
        <p className={classes.body}>{words.body}</p>
        <p className={classes.course}>{t('preview.course')}</p>
        {draft.show_round && <p className={classes.quiet}>{t('preview.round')}</p>}
        {draft.show_score && <p className={classes.quiet}>{t('preview.score')}</p>}
        <div className={classes.signature}>
          <p>{t('preview.day')}</p>
          <p className={classes.issuer}>{t('preview.organisation')}</p>
          {signed && <p>{signed}</p>}
        </div>
        {draft.seal.shown && <img className={classes.seal} src={draft.seal.shown} alt="" />}
        <span className={classes.code} />
        <div className={classes.foot}>
          {words.note && <p>{words.note}</p>}
          <p>{t('preview.number')}</p>
        </div>
      </div>
    </div>
  )
}
