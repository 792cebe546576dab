using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Server.Routing;
using Kennel.Store;

namespace Kennel.Server.Writing;

/// <summary>An object removed, or marked so that those who hold it can let go.</summary>
static class Delete
{
    const int Attempts = 20;

    /// <summary>Kinds that are answered as they last were; others with a Status.</summary>
    static readonly HashSet<string> s_answered =
        ["pods", "persistentvolumeclaims", "persistentvolumes", "services", "serviceaccounts", "podtemplates", "resourcequotas", "storageclasses", "csinodes", "csidrivers", "volumeattachments"];

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var options = DeleteOptions.Of(call);
        if (options.Refusal is { } unreadable) return unreadable;
        var deleted = await One(call, call.Route, options.Value, cancel);
        if (deleted.Refusal is { } refusal) return refusal;
        var (json, gone, uid) = deleted.Value;
        return gone && !s_answered.Contains(call.Type.Plural)
            ? Encode.Finish(call, Encode.Status(call.Asked, call.Route.Name, uid))
            : Encode.Object(call, json);
    }

    public static async ValueTask<Result<Removed>> One(Call call, Route route, DeleteOptions options, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await call.Parts.Store.Get(route.Key, cancel) is not { } entry) return Refusal.NotFound(route.Type, route.Name);
            var live = Stored.Parse(entry.Value);
            if (Check(route, options, live) is { } unmet) return unmet;
            if (call.Parts.Admissions.Protects(route) is { } safe) return safe;
            var verdict = Deletion.Decide(live, route.Type, options, call.Parts.Time.GetUtcNow());
            if (await Store(call, entry, verdict, options.DryRun, route, cancel) is { } removed) return removed;
            if (options.ResourceVersion.Length > 0) break;
        }
        return Refusal.Stale(route.Type, route.Name);
    }

    static Refusal? Check(Route route, DeleteOptions options, JsonObject live)
    {
        var metadata = live.Metadata();
        if (options.Uid.Length > 0 && options.Uid != metadata.Text("uid"))
            return Refusal.Conflict(route.Type, route.Name, $"Precondition failed: UID in precondition: {options.Uid}, UID in object meta: {metadata.Text("uid")}");
        return options.ResourceVersion.Length > 0 && options.ResourceVersion != metadata.Text("resourceVersion")
            ? Refusal.Conflict(route.Type, route.Name, $"Precondition failed: ResourceVersion in precondition: {options.ResourceVersion}, ResourceVersion in object meta: {metadata.Text("resourceVersion")}")
            : null;
    }

    static async ValueTask<Removed?> Store(Call call, Entry entry, Verdict verdict, bool dryRun, Route route, CancellationToken cancel)
    {
        var uid = verdict.Object.Metadata().Text("uid");
        if (verdict.Fate == Fate.Unchanged) return new(entry.Value, Gone: false, uid);
        var gone = verdict.Fate == Fate.Gone;
        var form = Stored.Write(verdict.Object, route.Type);
        if (dryRun) return new(Stored.Stamped(form, entry.Modified.ToString()), gone, uid);
        var outcome = await call.Parts.Store.Write(
            gone ? new Write(entry.Key, entry.Modified, null, form.StampAt, form.Bytes) : new Write(entry.Key, entry.Modified, form.Bytes, form.StampAt), cancel);
        if (!outcome.Succeeded) return null;
        if (gone) call.Parts.Deleted(route.Type, verdict.Object, entry, outcome.Revision);
        else call.Parts.Admissions.Stored(call with { Route = route }, outcome.Entry!, null);
        await call.Parts.Admissions.Tell(call, route.Namespace, cancel);
        return new(outcome.Entry!.Value, gone, uid);
    }
}

/// <param name="Json">The object as it is now, or as it was last.</param>
sealed record Removed(ReadOnlyMemory<byte> Json, bool Gone, string Uid);
