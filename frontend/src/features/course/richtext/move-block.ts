import { Extension } from '@tiptap/core'
import { type EditorState, NodeSelection, TextSelection, type Transaction } from '@tiptap/pm/state'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    moveBlock: {
      /** Moves the block (or the entry of a list) that is being written one place up (-1) or down (1). */
      moveBlock: (by: -1 | 1) => ReturnType
    }
  }
}

const lists = new Set(['bulletList', 'orderedList'])

/** What is moved: the innermost entry of a list or block of a box that has a neighbour there, otherwise the block of the page. */
function placeOf({ $from }: EditorState['selection'], by: -1 | 1): number | undefined {
  for (let depth = $from.depth; depth >= 0; depth--) {
    const parent = $from.node(depth)
    if (depth > 0 && !lists.has(parent.type.name) && parent.type.name !== 'callout') continue
    const other = $from.index(depth) + by
    if (other >= 0 && other < parent.childCount) return depth
  }
  return undefined
}

/** Moves what is chosen; false when it stands at the end already. Nothing is done without `tr`. */
export function move(state: EditorState, by: -1 | 1, tr?: Transaction): boolean {
  const { $from, from, to } = state.selection
  const depth = placeOf(state.selection, by)
  if (depth === undefined) return false
  if (!tr) return true
  const parent = $from.node(depth)
  const index = $from.index(depth)
  const node = parent.child(index)
  const before = $from.posAtIndex(index, depth)
  const target = before + (by < 0 ? -parent.child(index - 1).nodeSize : parent.child(index + 1).nodeSize)
  tr.delete(before, before + node.nodeSize).insert(target, node)
  const shifted = (pos: number) => Math.min(pos, before + node.nodeSize) - before + target
  tr.setSelection(
    state.selection instanceof NodeSelection
      ? NodeSelection.create(tr.doc, shifted(from))
      : TextSelection.between(tr.doc.resolve(shifted(from)), tr.doc.resolve(shifted(to))),
  )
  tr.scrollIntoView()
  return true
}

/** Blocks change places by Alt and the arrow keys, as lines do in other editors. */
export const MoveBlock = Extension.create({
  name: 'moveBlock',
  addCommands: () => ({
    moveBlock:
      (by) =>
      ({ state, tr, dispatch }) =>
        move(state, by, dispatch && tr),
  }),
  addKeyboardShortcuts() {
    return {
      'Alt-ArrowUp': () => this.editor.commands.moveBlock(-1),
      'Alt-ArrowDown': () => this.editor.commands.moveBlock(1),
    }
  },
})
