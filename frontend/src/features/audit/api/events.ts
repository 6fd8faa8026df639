import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { Resource } from '../resources'

export type AuditEvent = components['schemas']['AuditEventBody']

export interface AuditFilter {
  about?: Resource
  /** Only what is about this thing. */
  subject?: string
}

export function auditPages({ about, subject }: AuditFilter) {
  return keysetPages<AuditEvent>(['audit', about, subject], (after, signal) => {
    const query = {
      ...(about && { action: `${about}.` }),
      ...(subject && { subject }),
      ...(after && { after }),
      limit: 100,
    }
    return take(api.GET('/api/v1/audit', { params: { query }, signal }))
  })
}
