using System.Text.Json.Nodes;
using Kennel.Objects.Applying;
using Kennel.Objects.Kinds;
using Kennel.Objects.Refusals;
using Kennel.Server.Admission;
using Kennel.Store;

namespace Kennel.Server.Writing;

/// <param name="Next">The object as it shall be; it may share nothing with the live one.</param>
/// <param name="Applied">Its managed fields are already those of a server-side apply.</param>
/// <param name="Own">The server itself makes this change (binding, finalizing): rules for what clients may change don't count.</param>
sealed record Proposal(JsonObject Next, bool Applied = false, bool Own = false);

/// <summary>Steps 5 to 8 of a change: one compare-and-swap loop around propose, admit, validate and store.</summary>
static class Commit
{
    /// <summary>How often a change is made anew because another writer was faster.</summary>
    const int Attempts = 20;

    /// <summary>Changes the object of the route.</summary>
    /// <param name="propose">Called with the live object, once an attempt; must leave it as it is.</param>
    /// <returns>The stored bytes after the change.</returns>
    public static async ValueTask<Result<ReadOnlyMemory<byte>>> Change(Call call, Func<JsonObject, Result<Proposal>> propose, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await call.Parts.Store.Get(call.Route.Key, cancel) is not { } entry) return Refusal.NotFound(call.Type, call.Route.Name);
            var live = Stored.Parse(entry.Value);
            var proposal = propose(live);
            if (proposal.Refusal is { } refusal) return refusal;
            var pinned = proposal.Value.Next.Metadata().Text("resourceVersion") is { Length: > 0 } and not "0";
            var result = await Attempt(call, entry, live, proposal.Value, cancel);
            if (result is { } done) return done;
            if (pinned && call.Route.Verb == "update") break;
        }
        return Refusal.Stale(call.Type, call.Route.Name);
    }

    /// <summary>Null when another writer was faster.</summary>
    static async ValueTask<Result<ReadOnlyMemory<byte>>?> Attempt(Call call, Entry entry, JsonObject live, Proposal proposal, CancellationToken cancel)
    {
        var next = proposal.Next;
        if (SystemFields.Check(call, next, live) is { } another) return another;
        SystemFields.Keep(next, live, call.Type);
        using var admitting = new Admitting(call, next, live);
        if (!proposal.Own && await Admit(call, admitting, live, proposal.Applied, cancel) is { } refusal) return refusal;
        if (ManagedFields.SameButTimes(live, next)) return entry.Value;
        return await Store(call, entry, next, admitting, cancel);
    }

    /// <summary>Step 6: default, note who set what (what is filled in after that has no owner), mutate, validate.</summary>
    static async ValueTask<Refusal?> Admit(Call call, Admitting admitting, JsonObject live, bool applied, CancellationToken cancel)
    {
        var (next, rules, sub) = (admitting.Next, KindRules.For(call.Type), call.Route.Subresource is { Length: > 0 } said ? said : null);
        var (time, gates) = (call.Parts.Time.GetUtcNow(), call.Parts.Gates);
        rules.Default(next);
        if (!applied) ManagedFields.Update(live, next, call.Type, call.Manager, sub, time);
        rules.PrepareForUpdate(next, live, sub, new Occasion(time, gates) { Warn = call.Warn });
        if (await call.Parts.Admissions.Admit(admitting, cancel) is { } unwanted) return unwanted;
        if (rules.ValidateUpdate(next, live, sub, gates) is { Count: > 0 } errors) return Refusal.Invalid(call.Type, next.Name(), errors);
        foreach (var warning in rules.Warnings(next)) call.Warn(warning);
        if (await call.Parts.Admissions.Check(admitting, cancel) is { } refused) return refused;
        SystemFields.Count(next, live, rules, sub ?? "");
        return null;
    }

    static async ValueTask<Result<ReadOnlyMemory<byte>>?> Store(Call call, Entry entry, JsonObject next, Admitting admitting, CancellationToken cancel)
    {
        var form = Stored.Write(next, call.Type);
        if (call.DryRun) return (ReadOnlyMemory<byte>)Stored.Stamped(form, entry.Modified.ToString());
        // The last finalizer is gone: what was waiting for it goes now.
        var write = Deletion.Finished(next)
            ? new Write(entry.Key, entry.Modified, null, form.StampAt, form.Bytes)
            : new Write(entry.Key, entry.Modified, form.Bytes, form.StampAt);
        var outcome = await call.Parts.Store.Write(write, cancel);
        if (!outcome.Succeeded) return null;
        if (write.Value is null)
        {
            admitting.Keep();
            call.Parts.Deleted(call.Type, next, entry, outcome.Revision);
        }
        else call.Parts.Admissions.Stored(call, outcome.Entry!, admitting);
        await call.Parts.Admissions.Tell(call, call.Route.Namespace, cancel);
        return outcome.Entry!.Value;
    }
}
