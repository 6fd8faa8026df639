/** How a criterion was tried: by which looks of the walk (`make access`). */
export type Way = 'axe' | 'head' | 'zoom' | 'keyboard' | 'skip' | 'motion'

export interface Criterion {
  /** The number of the success criterion, the same in JIS X 8341-3:2016 and WCAG 2.0. */
  id: string
  level: 'A' | 'AA'
  /** Empty: no program can try it, and people have not judged every page yet. */
  ways: Way[]
  /** True where the product itself has nothing of the kind: films and recordings are what organisations make. */
  absent?: boolean
}

const a = (id: string, ...ways: Way[]): Criterion => ({ id, level: 'A', ways })
const aa = (id: string, ...ways: Way[]): Criterion => ({ id, level: 'AA', ways })
const absent = (one: Criterion): Criterion => ({ ...one, absent: true })

/** The 25 criteria of level A and the 13 of level AA of JIS X 8341-3:2016 (ISO/IEC 40500:2012, WCAG 2.0), in their order. */
export const criteria: Criterion[] = [
  a('1.1.1', 'axe'),
  absent(a('1.2.1')),
  absent(a('1.2.2')),
  absent(a('1.2.3')),
  absent(aa('1.2.4')),
  absent(aa('1.2.5')),
  a('1.3.1', 'axe'),
  a('1.3.2', 'keyboard'),
  a('1.3.3'),
  a('1.4.1', 'axe'),
  a('1.4.2', 'head'),
  aa('1.4.3', 'axe'),
  aa('1.4.4', 'zoom', 'axe'),
  aa('1.4.5'),
  a('2.1.1', 'keyboard'),
  a('2.1.2', 'keyboard'),
  a('2.2.1'),
  a('2.2.2', 'motion'),
  a('2.3.1'),
  a('2.4.1', 'skip', 'axe'),
  a('2.4.2', 'head', 'axe'),
  a('2.4.3', 'keyboard'),
  a('2.4.4', 'axe'),
  aa('2.4.5'),
  aa('2.4.6'),
  aa('2.4.7', 'keyboard'),
  a('3.1.1', 'head', 'axe'),
  aa('3.1.2', 'axe'),
  a('3.2.1', 'keyboard'),
  a('3.2.2'),
  aa('3.2.3'),
  aa('3.2.4'),
  a('3.3.1'),
  a('3.3.2', 'axe'),
  aa('3.3.3'),
  aa('3.3.4'),
  a('4.1.1', 'axe'),
  a('4.1.2', 'axe', 'keyboard'),
]
