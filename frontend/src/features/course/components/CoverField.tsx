import { Button, Group, Image, Input } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'
import { linkQuery } from '@/lib/assets'

interface CoverFieldProps {
  /** The picture that is chosen: the id of a file. */
  value: string | undefined
  onChange: (value: string | undefined) => void
  /** Where the picture is wanted: an upload that broke off is found again by it. */
  slot: string
}

/** The picture of a course: shown, taken away, or chosen and sent. */
export function CoverField({ value, onChange, slot }: CoverFieldProps) {
  const { t } = useTranslation('course')
  return (
    <Input.Wrapper label={t('form.cover')} description={t('form.coverHelp')} labelElement="div">
      {value ? (
        <Group mt="xs" align="end">
          <Chosen id={value} />
          <Button variant="default" size="sm" onClick={() => onChange(undefined)}>
            {t('form.coverRemove')}
          </Button>
        </Group>
      ) : (
        <UploadField
          kind="image"
          label={t('form.coverChoose')}
          slot={slot}
          onDone={(done) => onChange(done.id)}
        />
      )}
    </Input.Wrapper>
  )
}

function Chosen({ id }: { id: string }) {
  const { t } = useTranslation('course')
  const { data: link } = useQuery(linkQuery(id))
  if (!link) return <AssetState id={id} />
  return <Image src={link.sizes[0]?.url ?? link.url} alt={t('form.cover')} w={200} radius="sm" />
}
