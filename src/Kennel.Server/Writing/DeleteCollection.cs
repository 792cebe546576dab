using Kennel.Server.Answers;
using Kennel.Server.Reading;
using Kennel.Store;

namespace Kennel.Server.Writing;

/// <summary>Everything that is selected, one delete after another.</summary>
static class DeleteCollection
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var options = DeleteOptions.Of(call);
        if (options.Refusal is { } unreadable) return unreadable;
        var selection = Selection.Of(call);
        if (selection.Refusal is { } bad) return bad;
        var removed = new List<Entry>();
        foreach (var entry in await List.Now(call, selection.Value, cancel))
        {
            var route = call.Route with { Name = entry.Key[(entry.Key.LastIndexOf('/') + 1)..] };
            var one = await Delete.One(call, route, options.Value, cancel);
            if (one.Refusal is { Code: not 404 } refusal) return refusal;
            if (one.Refusal is null) removed.Add(entry with { Value = one.Value.Json });
        }
        return ListEncoder.Answer(call, new Found(removed, call.Parts.Store.Revision, null, null));
    }
}
