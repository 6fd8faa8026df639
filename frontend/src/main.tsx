import '@mantine/core/styles.css'
import './app/base.css'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startAhead } from './app/ahead'
import { Providers } from './app/providers'
import { router } from './app/router'
import { loadTexts, startTexts } from './app/texts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const texts = startTexts() // first: requests name the language
startAhead(location.pathname)
texts.then(() => {
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  )
  void loadTexts('error')
})
