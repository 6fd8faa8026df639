import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileDrop } from '@/components/FileDrop'
import type { Image } from '../api/design'
import classes from './Design.module.css'
import { type Picture, pictureOf } from './draft'

interface PictureFieldProps {
  image: Image
  value: Picture
  error?: string
  readOnly: boolean
  onChange: (picture: Picture) => void
}

const largest = 1_048_576

/** The logo or the seal: shown, exchanged, taken off. */
export function PictureField({ image, value, error, readOnly, onChange }: PictureFieldProps) {
  const { t } = useTranslation('certificate_design')
  const [heavy, setHeavy] = useState(false)
  const take = async ([file]: File[]) => {
    if (!file) return
    setHeavy(file.size > largest)
    if (file.size <= largest) onChange(await pictureOf(file))
  }
  const wrong = heavy ? t('picture.heavy') : error
  return (
    <div className={classes.picture}>
      {value.shown && (
        <div className={classes.has}>
          <img src={value.shown} alt={t('picture.name', { context: image })} />
          {!readOnly && (
            <Button variant="subtle" color="gray" onClick={() => onChange({ change: 'remove' })}>
              {t('picture.remove', { context: image })}
            </Button>
          )}
        </div>
      )}
      {!readOnly && (
        <FileDrop
          label={t(value.shown ? 'picture.exchange' : 'picture.choose', { context: image })}
          help={t('picture.help', { context: image })}
          accept="image/png,image/jpeg"
          {...(wrong && { error: wrong })}
          onFiles={take}
        />
      )}
    </div>
  )
}
