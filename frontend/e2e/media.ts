// What the editor's browser makes of large files: the picture of a PDF of 300 pages, and of a film.
//
//   tsx e2e/media.ts embedded
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from './browser'
import type { Installation } from './installation'
import { eventually, openCourse, upload } from './package-steps'
import { inEmbedded, step } from './step'

/** A PDF of so many pages, each with its number, as the format describes it. */
function pdf(pages: number): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages}/Kids[${Array.from({ length: pages }, (_, i) => `${4 + 2 * i} 0 R`).join(' ')}]>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]
  for (let page = 1; page <= pages; page++) {
    const words = `BT /F1 96 Tf 72 400 Td (page ${page}) Tj ET`
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents ${objects.length + 2} 0 R>>`,
      `<</Length ${words.length}>>\nstream\n${words}\nendstream`,
    )
  }
  let out = '%PDF-1.4\n'
  const places = objects.map((text, i) => {
    const at = out.length
    out += `${i + 1} 0 obj\n${text}\nendobj\n`
    return at
  })
  const table = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`
  return Buffer.from(
    `${out}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`,
  )
}

async function main(installation: Installation) {
  const { url } = installation
  const { context, close } = await openBrowser()
  try {
    const { editor, page, course } = await openCourse(context, installation, '大きなファイル')
    /** Puts a file into a lesson, has the editor open it, and gives the picture that comes of that. */
    const picture = async (kind: string, asset: string, body: object) => {
      const lesson = await editor.call<{ id: string; version: number }>(
        'POST',
        `/courses/${course.id}/lessons`,
        { kind, title: `${kind}の教材` },
      )
      await editor.call('PUT', `/lessons/${lesson.id}`, {
        title: `${kind}の教材`,
        body,
        base_version: lesson.version,
        client_save_id: crypto.randomUUID(),
      })
      await page.goto(`${url}/courses/${course.id}`)
      await page.getByText(`${kind}の教材`).first().click()
      let address = ''
      await eventually(
        `the ${kind} has a picture`,
        async () => {
          const links = await editor.call<{ links: Record<string, { poster?: string }> }>(
            'POST',
            '/assets/links',
            { assets: [asset] },
          )
          address = links.links[asset]?.poster ?? ''
          return address !== ''
        },
        90,
      )
      return (await context.request.get(address)).body()
    }
    await step('a PDF of 300 pages is counted, and gets the picture of its first page', async () => {
      const asset = await upload(editor, context.request, url, pdf(300), 'pdf', '手引き.pdf')
      assert.equal(asset.state, 'ready', asset.problem)
      assert.equal(asset.pages, 300)
      const drawn = await picture('pdf', asset.id, { pdf: { asset: asset.id } })
      assert.equal(drawn.subarray(0, 2).toString('hex'), 'ffd8')
    })
    await step('a film gets the picture of its first scene', async () => {
      const film = readFileSync(join(import.meta.dirname, 'files/short.mp4'))
      const asset = await upload(editor, context.request, url, film, 'video', '動画.mp4')
      assert.equal(asset.state, 'ready', asset.problem)
      const drawn = await picture('video', asset.id, {
        video: { asset: asset.id, captions: [], no_skip: false, speed: true },
      })
      assert.equal(drawn.subarray(0, 2).toString('hex'), 'ffd8')
    })
  } finally {
    await close()
  }
}

await inEmbedded(main)
