import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { Resource } from '../resources'

export type AuditEvent = components['schemas']['AuditEventBody']

export interface AuditFilter {
  about?: Resource
}

export function auditPages({ about }: AuditFilter) {
  return keysetPages<AuditEvent>(['audit', about], (after, signal) => {
    const query = { ...(about && { action: `${about}.` }), ...(after && { after }), limit: 100 }
    return take(api.GET('/api/v1/audit', { params: { query }, signal }))
  })
}
