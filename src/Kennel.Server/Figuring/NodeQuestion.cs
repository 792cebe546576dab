namespace Kennel.Server.Figuring;

/// <summary>Gets a document from a node's own port; null when the node can't be reached or has none.</summary>
public delegate ValueTask<ReadOnlyMemory<byte>?> NodeQuestion(Uri node, string path, CancellationToken cancel);
