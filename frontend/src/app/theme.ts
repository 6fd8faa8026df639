import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  parseThemeColor,
  type VariantColorsResolver,
} from '@mantine/core'

/** 藍 (indigo dye): the one accent. Shade 8 on white has a contrast of 7.5; theme.test.ts measures every pair. */
const ai: MantineColorsTuple = [
  '#eef5f9',
  '#dbe9f1',
  '#b9d5e3',
  '#93bed3',
  '#6ba5c1',
  '#458bad',
  '#2c7699',
  '#1f6689',
  '#165a7e',
  '#0f4763',
]

/** Warm greys: ink on paper instead of steel on glass. */
const gray: MantineColorsTuple = [
  '#faf8f4',
  '#f3f0ea',
  '#e8e4dc',
  '#d9d4ca',
  '#c2bcb0',
  '#9c968a',
  '#757066',
  '#5a564e',
  '#3e3b36',
  '#262421',
]

const dark: MantineColorsTuple = [
  '#e6e3dc',
  '#bdb9b1',
  '#9b978f',
  '#6f6c66',
  '#4b4945',
  '#3a3936',
  '#2a2a29',
  '#1c1d1e',
  '#161718',
  '#101112',
]

const fontFamily =
  '"Noto Sans JP", "Hiragino Sans", "Hiragino Kaku Gothic ProN", "BIZ UDPGothic", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", system-ui, sans-serif'

/** Stock "light" variants fail the contrast of small text; the darkest shade on the lightest passes for every colour. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const stock = defaultVariantColorsResolver(input)
  const color = parseThemeColor({ color: input.color || input.theme.primaryColor, theme: input.theme })
  if (
    !color.isThemeColor ||
    (input.variant !== 'light' && input.variant !== 'subtle' && input.variant !== 'outline')
  )
    return stock
  return { ...stock, color: `var(--kenshu-${color.color}-text, ${stock.color})` }
}

const meaning = ['ai', 'gray', 'red', 'green', 'yellow', 'orange', 'blue'] as const

/** Colours that the stylesheets use by meaning, for both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbf9f5',
    '--mantine-color-text': '#22252a',
    '--mantine-color-dimmed': gray[7],
    '--mantine-color-placeholder': '#6f6a60',
    '--mantine-color-anchor': ai[8],
    '--mantine-color-error': '#b3261e',
    '--kenshu-surface': '#ffffff',
    '--kenshu-line': gray[2],
    '--kenshu-field': '#8a857a',
    '--kenshu-accent': ai[8],
    '--kenshu-accent-soft': ai[0],
    ...Object.fromEntries(meaning.map((name) => [`--kenshu-${name}-text`, `var(--mantine-color-${name}-9)`])),
    '--kenshu-yellow-text': '#6b4a00',
    '--kenshu-orange-text': '#8a3b00',
    '--kenshu-green-text': '#1c5c2e',
    '--kenshu-red-text': '#a3201a',
  },
  dark: {
    '--mantine-color-body': dark[7],
    '--mantine-color-text': dark[0],
    '--mantine-color-dimmed': '#aaa69e',
    '--mantine-color-placeholder': '#9b978f',
    '--mantine-color-anchor': ai[3],
    '--mantine-color-error': '#ff9a90',
    '--kenshu-surface': '#242526',
    '--kenshu-line': '#3a3a3a',
    '--kenshu-field': '#7d7a74',
    '--kenshu-accent': ai[3],
    '--kenshu-accent-soft': '#1d2f39',
    ...Object.fromEntries(meaning.map((name) => [`--kenshu-${name}-text`, `var(--mantine-color-${name}-2)`])),
  },
})

export const theme = createTheme({
  colors: { ai, gray, dark },
  primaryColor: 'ai',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  black: '#22252a',
  variantColorResolver,
  fontFamily,
  fontFamilyMonospace:
    'ui-monospace, "SFMono-Regular", Menlo, Consolas, "BIZ UDGothic", "Noto Sans Mono CJK JP", monospace',
  lineHeights: { xs: '1.5', sm: '1.6', md: '1.7', lg: '1.7', xl: '1.6' },
  defaultRadius: 'md',
  radius: { sm: '4px', md: '6px', lg: '10px' },
  shadows: {
    xs: '0 1px 2px rgb(38 36 33 / 6%)',
    sm: '0 1px 3px rgb(38 36 33 / 8%)',
    md: '0 4px 12px rgb(38 36 33 / 8%)',
    lg: '0 8px 24px rgb(38 36 33 / 12%)',
  },
  headings: {
    fontFamily,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.4' },
      h2: { fontSize: '1.25rem', lineHeight: '1.5' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.6' },
    },
  },
  components: {
    // By name and not by import, so that the first load carries none of them. The small stock sizes are below the 24 px that a thumb needs (WCAG 2.5.8).
    Checkbox: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
    Switch: { defaultProps: { size: 'md' } },
    Table: { defaultProps: { tabularNums: true } },
    ...Object.fromEntries(
      [
        'TextInput',
        'PasswordInput',
        'Textarea',
        'Select',
        'NativeSelect',
        'MultiSelect',
        'NumberInput',
        'DateInput',
        'DatePickerInput',
      ].map((name) => [
        name,
        { defaultProps: { size: 'md', inputWrapperOrder: ['label', 'description', 'error', 'input'] } },
      ]),
    ),
    Button: { defaultProps: { size: 'md' } },
    // The first entry takes the keyboard; the stock placeholder is no menu item and stands in a menu. It opens inside the landmark it belongs to.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, portalProps: { target: 'main' } } },
    // Its head is a <header>, which outside a section would be a second banner of the page.
    ...Object.fromEntries(
      ['Modal', 'Drawer'].map((name) => [
        name,
        {
          defaultProps: { attributes: { header: { role: 'presentation' } } },
          styles: { title: { fontSize: '1.125rem', fontWeight: 650 } },
        },
      ]),
    ),
  },
})
