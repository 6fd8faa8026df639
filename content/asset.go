package content

// AssetKind is what a file is for.
type AssetKind string

// The kinds of file.
const (
	AssetImage    AssetKind = "image"
	AssetVideo    AssetKind = "video"
	AssetCaptions AssetKind = "captions"
	AssetPDF      AssetKind = "pdf"
)
