import type { LeadDetails, LeadRow } from './queries';

export type FilterKind = 'text' | 'number' | 'date' | 'status' | 'owner' | 'flag';

/** What a list can be filtered by, and how. */
export const filterFields: { name: string; label: string; kind: FilterKind }[] = [
  { name: 'status', label: 'Status', kind: 'status' },
  { name: 'ownerId', label: 'Owner', kind: 'owner' },
  { name: 'score', label: 'Score', kind: 'number' },
  { name: 'company', label: 'Company', kind: 'text' },
  { name: 'lastName', label: 'Last name', kind: 'text' },
  { name: 'email', label: 'E-mail', kind: 'text' },
  { name: 'phone', label: 'Phone', kind: 'text' },
  { name: 'title', label: 'Title', kind: 'text' },
  { name: 'source', label: 'Source', kind: 'text' },
  { name: 'industry', label: 'Industry', kind: 'text' },
  { name: 'rating', label: 'Rating', kind: 'text' },
  { name: 'city', label: 'City', kind: 'text' },
  { name: 'country', label: 'Country code', kind: 'text' },
  { name: 'employees', label: 'Employees', kind: 'number' },
  { name: 'annualRevenue', label: 'Annual revenue', kind: 'number' },
  { name: 'unread', label: 'Unread', kind: 'flag' },
  { name: 'doNotCall', label: 'Do not call', kind: 'flag' },
  { name: 'emailOptOut', label: 'E-mail opt-out', kind: 'flag' },
  { name: 'createdAt', label: 'Created', kind: 'date' },
  { name: 'lastTouchAt', label: 'Last touch', kind: 'date' },
  { name: 'nextActivityAt', label: 'Next activity', kind: 'date' },
  { name: 'followUpOn', label: 'Follow-up', kind: 'date' },
];

export type DetailKind = 'text' | 'long' | 'email' | 'phone' | 'url' | 'number' | 'money' | 'flag' | 'currency';

export interface DetailField { name: keyof LeadDetails & string; label: string; kind: DetailKind; currency?: keyof LeadDetails & string }

/** What people know about a lead, in the sections of its page. */
export const sections: { title: string; fields: DetailField[] }[] = [
  {
    title: 'Person',
    fields: [
      { name: 'salutation', label: 'Salutation', kind: 'text' },
      { name: 'firstName', label: 'First name', kind: 'text' },
      { name: 'lastName', label: 'Last name', kind: 'text' },
      { name: 'title', label: 'Title', kind: 'text' },
      { name: 'email', label: 'E-mail', kind: 'email' },
      { name: 'phone', label: 'Phone', kind: 'phone' },
      { name: 'mobile', label: 'Mobile', kind: 'phone' },
      { name: 'fax', label: 'Fax', kind: 'text' },
      { name: 'doNotCall', label: 'Do not call', kind: 'flag' },
      { name: 'emailOptOut', label: 'E-mail opt-out', kind: 'flag' },
    ],
  },
  {
    title: 'Company',
    fields: [
      { name: 'company', label: 'Company', kind: 'text' },
      { name: 'website', label: 'Website', kind: 'url' },
      { name: 'industry', label: 'Industry', kind: 'text' },
      { name: 'employees', label: 'Employees', kind: 'number' },
      { name: 'annualRevenue', label: 'Annual revenue', kind: 'money', currency: 'revenueCurrency' },
      { name: 'revenueCurrency', label: 'Revenue currency', kind: 'currency' },
    ],
  },
  {
    title: 'Need',
    fields: [
      { name: 'source', label: 'Source', kind: 'text' },
      { name: 'rating', label: 'Rating', kind: 'text' },
      { name: 'nextStep', label: 'Next step', kind: 'long' },
      { name: 'need', label: 'Need', kind: 'long' },
      { name: 'productInterest', label: 'Product interest', kind: 'long' },
      { name: 'budget', label: 'Budget', kind: 'money', currency: 'budgetCurrency' },
      { name: 'budgetCurrency', label: 'Budget currency', kind: 'currency' },
      { name: 'timeframe', label: 'Timeframe', kind: 'text' },
      { name: 'description', label: 'Description', kind: 'long' },
    ],
  },
  {
    title: 'Address',
    fields: [
      { name: 'street', label: 'Street', kind: 'long' },
      { name: 'postalCode', label: 'Postal code', kind: 'text' },
      { name: 'city', label: 'City', kind: 'text' },
      { name: 'state', label: 'State', kind: 'text' },
      { name: 'country', label: 'Country', kind: 'text' },
    ],
  },
];

export const detailFields = sections.flatMap((section) => section.fields);
export const labelOf = (name: string) => detailFields.find((field) => field.name === name)?.label ?? filterFields.find((field) => field.name === name)?.label ?? name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (c) => c.toUpperCase());

export interface Column { name: keyof LeadRow & string; label: string; width: number; sort?: string; right?: boolean }

/** The columns of lists; the name is always there. */
export const columns: Column[] = [
  { name: 'lastName', label: 'Name', width: 220, sort: 'lastName' },
  { name: 'company', label: 'Company', width: 220, sort: 'company' },
  { name: 'status', label: 'Status', width: 130, sort: 'status' },
  { name: 'score', label: 'Score', width: 72, sort: 'score', right: true },
  { name: 'grade', label: 'Grade', width: 76, sort: 'grade' },
  { name: 'rating', label: 'Rating', width: 90, sort: 'rating' },
  { name: 'ownerName', label: 'Owner', width: 150 },
  { name: 'title', label: 'Title', width: 160, sort: 'title' },
  { name: 'email', label: 'E-mail', width: 220, sort: 'email' },
  { name: 'phone', label: 'Phone', width: 150 },
  { name: 'city', label: 'City', width: 130, sort: 'city' },
  { name: 'country', label: 'Country', width: 90, sort: 'country' },
  { name: 'industry', label: 'Industry', width: 140, sort: 'industry' },
  { name: 'source', label: 'Source', width: 120, sort: 'source' },
  { name: 'nextActivityAt', label: 'Next activity', width: 130, sort: 'nextActivityAt' },
  { name: 'lastTouchAt', label: 'Last touch', width: 120, sort: 'lastTouchAt' },
  { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt' },
];

export const defaultColumns = ['lastName', 'company', 'status', 'score', 'ownerName', 'phone', 'source', 'nextActivityAt', 'lastTouchAt', 'createdAt'];
