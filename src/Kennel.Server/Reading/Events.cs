using System.Text;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Store;

namespace Kennel.Server.Reading;

/// <summary>Changes of the store to events of a watch, in the form that was asked for.</summary>
sealed class Events(Call call, Selection selection, WatchPlan plan)
{
    bool _columns = true;

    /// <summary>What is there when the watch starts.</summary>
    public IReadOnlyList<WatchFrame> Initial(Page page)
    {
        var frames = new List<WatchFrame>(page.Entries.Count + 1);
        foreach (var entry in page.Entries)
            if (Meant(entry) && selection.Matches(entry.Value)) frames.Add(new("ADDED", Form(entry.Value)));
        if (plan.EndMark && plan.Bookmarks) frames.Add(new("BOOKMARK", Mark(page.Revision, ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}")));
        return frames;
    }

    public IReadOnlyList<WatchFrame> Of(Batch batch)
    {
        // An empty batch only says how far the store has come.
        if (batch.Changes.Count == 0) return plan.Bookmarks ? [Bookmark(batch.Revision)] : [];
        List<WatchFrame>? frames = null;
        for (var i = 0; i < batch.Changes.Count; i++)
            if (Meant(batch.Changes[i].Entry) && Of(batch.Changes[i]) is { } frame) (frames ??= new(batch.Changes.Count - i)).Add(frame);
        return frames ?? [];
    }

    public WatchFrame Bookmark(long revision) => new("BOOKMARK", Mark(revision, ""));

    public static WatchFrame Error(Refusal refusal) => new("ERROR", Answer.Bytes(refusal));

    bool Meant(Entry entry) => plan.Key is null || entry.Key == plan.Key;

    /// <summary>An object that enters or leaves the selection is added or deleted for this watcher.</summary>
    WatchFrame? Of(Change change)
    {
        if (selection.Everything)
            return new(change.Kind switch { ChangeKind.Created => "ADDED", ChangeKind.Updated => "MODIFIED", _ => "DELETED" }, Form(change.Entry.Value));
        var before = change.Previous is { } previous && selection.Matches(previous.Value);
        var now = change.Kind != ChangeKind.Deleted && selection.Matches(change.Entry.Value);
        return (before, now) switch
        {
            (false, false) => null,
            (false, true) => new("ADDED", Form(change.Entry.Value)),
            (true, true) => new("MODIFIED", Form(change.Entry.Value)),
            _ => new("DELETED", Form(change.Kind == ChangeKind.Deleted ? change.Entry.Value : Slices.Restamped(change.Previous!.Value.Span, change.Entry.Modified))),
        };
    }

    ReadOnlyMemory<byte> Form(ReadOnlyMemory<byte> json)
    {
        if (call.Format.Shape == Shape.Object) return call.Shown(json);
        if (call.Format.Shape == Shape.Metadata) return Encode.Metadata(json);
        var table = Encode.Table(call, t => t.Row(json), columns: _columns);
        _columns = false;
        return table;
    }

    byte[] Mark(long revision, string more)
    {
        var (kind, version) = call.Format.Shape switch
        {
            Shape.Table => ("Table", "meta.k8s.io/v1"),
            Shape.Metadata => ("PartialObjectMetadata", "meta.k8s.io/v1"),
            _ => (call.Asked.Kind, call.Asked.ApiVersion),
        };
        return Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{version}\",\"metadata\":{{\"resourceVersion\":\"{revision}\",\"creationTimestamp\":null{more}}}}}");
    }
}
