using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission.Quotas;

/// <summary>
/// Resource quotas of all namespaces. What has been taken is known in memory and counted from what is stored, as with addresses: one server a store.
/// Every write of a namespace with quotas passes here, so that the figures are exact at every moment and nothing has to be counted again; in other
/// namespaces it costs one look into a table.
/// </summary>
sealed class ResourceQuotas(TimeProvider time)
{
    readonly ConcurrentDictionary<string, Ledger> _ledgers = new(StringComparer.Ordinal);

    /// <summary>Learns which namespaces have quotas; what is in them is counted when it first matters.</summary>
    public async ValueTask Load(IStore store, CancellationToken cancel)
    {
        foreach (var entry in (await store.Range(new RangeQuery("/registry/core/resourcequotas/"), cancel)).Entries)
        {
            var o = Writing.Stored.Parse(entry.Value);
            LedgerOf(o.Metadata().Text("namespace")).Put(Quota.Of(o));
        }
    }

    /// <summary>Takes what a new or changed object needs until it is stored; why not, when there isn't enough left.</summary>
    public async ValueTask<Refusal?> Reserve(Admitting admitting, CancellationToken cancel)
    {
        var call = admitting.Call;
        if (!Handles(admitting) || Find(call.Route.Namespace) is not { } ledger) return null;
        await ledger.Fill(call.Parts, cancel);
        if (admitting.Creating && admitting.Is("", "Pod") && ledger.Missing(admitting.Next) is { } missing) return admitting.Forbid(missing);
        var reservation = new Reservation(call.Type, admitting.Next, admitting.Live);
        if (ledger.Reserve(reservation) is { } why) return admitting.Forbid(why);
        admitting.Reservation = reservation;
        admitting.Then(static () => { }, () => ledger.Release(reservation));
        return null;
    }

    static bool Handles(Admitting admitting) => admitting.Call.Route.Subresource switch
    {
        "" => admitting.Creating || admitting.Is("", "Service") || admitting.Is("", "PersistentVolumeClaim"),
        "resize" => admitting.Is("", "Pod"),
        _ => false,
    };

    /// <summary>An object is stored.</summary>
    public void Stored(ResourceType type, string space, Entry entry, Reservation? reservation)
    {
        if (type is { Group: "", Kind: "ResourceQuota" }) LedgerOf(space).Put(Quota.Of(Writing.Stored.Parse(entry.Value)));
        if (Find(space) is { } ledger) ledger.Set(type, entry.Key, Writing.Stored.Parse(entry.Value), entry.Modified, reservation);
    }

    /// <summary>An object is gone.</summary>
    public void Deleted(ResourceType type, string space, string key, string name, long revision)
    {
        if (type is { Group: "", Kind: "Namespace" }) _ledgers.TryRemove(name, out _);
        if (Find(space) is not { } ledger) return;
        ledger.Remove(key, revision);
        if (type is { Group: "", Kind: "ResourceQuota" }) ledger.Drop(name);
    }

    /// <summary>Writes what has been taken into the quotas' status. Who comes while another is at it leaves it to him.</summary>
    public ValueTask Tell(Call call, string space, CancellationToken cancel) =>
        Find(space) is { } ledger && call.Route is not { Type: { Group: "", Kind: "ResourceQuota" }, Subresource: "status" } ? Tell(call, space, ledger, cancel) : default;

    static async ValueTask Tell(Call call, string space, Ledger ledger, CancellationToken cancel)
    {
        await ledger.Fill(call.Parts, cancel);
        foreach (var book in ledger.Take())
        {
            var route = new Route(call.Parts.Catalog.Find("", "v1", "resourcequotas")!, space, book.Quota.Name, "status", "update");
            var own = call with { Route = route, Query = RequestQuery.Empty };
            var failed = true;
            do
            {
                try
                {
                    var written = await Commit.Change(own, live => new Proposal(With(live, ledger.Status(book)), Own: true), CancellationToken.None);
                    failed = written.Refusal is not null;
                }
                catch (StoreUnavailableException)
                {
                    failed = true; // the next change tells it
                }
            }
            while (!ledger.Told(book, failed));
        }
    }

    static JsonObject With(JsonObject live, JsonObject status)
    {
        var next = live.DeepClone().AsObject();
        next["status"] = status;
        return next;
    }

    Ledger? Find(string space) => _ledgers.TryGetValue(space, out var ledger) && !ledger.Empty ? ledger : null;

    Ledger LedgerOf(string space) => _ledgers.GetOrAdd(space, s => new Ledger(s, time));
}
