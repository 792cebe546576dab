using System.Collections.Concurrent;
using System.Net;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Access;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Admission;
using Kennel.Server.Admission.Quotas;
using Kennel.Server.Answers;
using Kennel.Server.Auditing;
using Kennel.Server.Documents;
using Kennel.Server.Figuring;
using Kennel.Server.Reading;
using Kennel.Server.Routing;
using Kennel.Server.Subresources;
using Kennel.Server.Writing;
using Kennel.Store;
using Microsoft.Extensions.Logging;

namespace Kennel.Server;

/// <summary>
/// One request in, one response out: the table of contents of this room. Who asks (step 2) is known when a request arrives here;
/// expected refusals are values and become a Status, anything else is logged once and becomes a 500.
/// </summary>
public sealed class Pipeline
{
    readonly Parts _parts;
    readonly Metrics _metrics = new();
    readonly ConcurrentQueue<Action<MetricsText>> _measures = [];
    readonly ServiceAddresses _addresses;
    readonly ResourceQuotas _quotas;
    readonly ILogger _log;

    public Pipeline(ServerOptions options)
    {
        _log = options.Log;
        Audit = options.Audit;
        _addresses = new ServiceAddresses(options.ServiceRange, options.Random);
        _quotas = new ResourceQuotas(options.Time);
        var accounts = new AccountTokens(options.Store, options.Catalog, options.SigningKey ?? SigningKey.Passing(), options.Time);
        Authentication = new(options.Tokens, accounts);
        var system = new SystemPaths(options.Catalog, Health, Measured, options.Address, new OpenIdDocuments(accounts.Key, options.Address));
        var admissions = new Admissions(_addresses, _quotas, options.Plugins);
        _parts = new Parts(options.Store, options.Catalog, options.Time, options.Random, options.NewId, admissions, new Authorizer(options.Store, options.Catalog), system)
        {
            Gates = options.Gates, Accounts = accounts, Authentication = Authentication, AuthorityPem = options.AuthorityPem,
        };
    }

    /// <summary>The checks behind /healthz, /livez and /readyz.</summary>
    public Health Health { get; } = new();

    /// <summary>Null when nothing is written down.</summary>
    internal AuditLog? Audit { get; }

    /// <summary>Whose a bearer token is.</summary>
    internal Authentication Authentication { get; }

    /// <summary>Serves a JSON document of another room under a path of its own, to those who may read it.</summary>
    public void Serve(string path, Func<byte[]> document) => _parts.System.Further[path] = document;

    /// <summary>The token of a service account that doesn't expire: it is good for as long as this Secret holds it.</summary>
    public string LastingToken(string space, string account, string uid, string secret) =>
        _parts.Accounts.Sign(new Claims(space, new(account, uid), [], 0, null, "") { Secret = new(secret, "") });

    /// <summary>How nodes are asked for what they use: set by whoever has the connections to them.</summary>
    public NodeQuestion? AskNode { set => _parts.AskNode = value; }

    /// <summary>Adds metrics of another room to those that <c>/metrics</c> tells.</summary>
    public void Measure(Action<MetricsText> write) => _measures.Enqueue(write);

    async ValueTask<byte[]> Measured(CancellationToken cancel)
    {
        var text = new MetricsText();
        var objects = new List<(string, long)>();
        foreach (var type in _parts.Catalog.All.Where(t => t.Verbs.Contains("watch") && Objects.Versions.View.Of(t) is null))
        {
            var page = await _parts.Store.Range(new RangeQuery(Route.Root(type), Limit: 1), cancel);
            objects.Add((type.QualifiedName, page.Entries.Count + page.Remaining));
        }
        _metrics.Write(text, objects);
        foreach (var write in _measures) write(text);
        ProcessMetrics.Write(text);
        return text.Bytes();
    }

    /// <summary>Learns from the store what has been handed out. Call once, before the first request.</summary>
    public async ValueTask Load(CancellationToken cancel = default)
    {
        await _addresses.Load(_parts.Store, cancel);
        await _quotas.Load(_parts.Store, cancel);
    }

    /// <summary>Answers a request. Throws only when <paramref name="cancel"/> fires.</summary>
    public ValueTask<ApiResponse> Handle(ApiRequest request, CancellationToken cancel = default) =>
        Audit?.Begin(request) is { } trail ? Audited(request, trail, cancel) : Handle(request, null, cancel);

    async ValueTask<ApiResponse> Audited(ApiRequest request, AuditTrail trail, CancellationToken cancel)
    {
        var response = await Handle(request, trail, cancel);
        await Audit!.End(request, trail, response);
        return response;
    }

    async ValueTask<ApiResponse> Handle(ApiRequest request, AuditTrail? trail, CancellationToken cancel)
    {
        try
        {
            return Told(request, await Answer(request, trail, cancel));
        }
        catch (StoreUnavailableException e)
        {
            _log.StoreUnavailable(request.Id, request.Method, request.Path, e.Message);
            return Told(request, Refusal.Unavailable(e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            _log.Unexpected(e, request.Id, request.Method, request.Path);
            return Told(request, Refusal.Internal($"request {request.Id} failed: {e.GetType().Name}; the server's log tells more"));
        }
    }

    /// <summary>A refusal is written as the client wants its answers, or as JSON.</summary>
    static ApiResponse Told(ApiRequest request, ApiResponse response) =>
        response is Answer { Refusal: not null } refused ? Encode.As(refused, Format.ForStatus(request, new RequestQuery(request.Query))) ?? refused : response;

    async ValueTask<ApiResponse> Answer(ApiRequest request, AuditTrail? trail, CancellationToken cancel)
    {
        // 1 resolve path and verb; 2 who asks is known
        if (request.User == User.Anonymous && !Authorizer.IsPublic(request.Path)) return Refusal.Unauthorized();
        if (request.As is { } other)
        {
            var acting = await other.Resolve(request.User, _parts.Authorizer, cancel);
            if (acting.Refusal is { } stranger) return stranger;
            request = request with { User = acting.Value, As = null };
            if (trail is not null) trail.As = acting.Value;
        }
        var query = new RequestQuery(request.Query);
        if (Route.Find(_parts.Catalog, request.Method, request.Path, query) is not { } found)
            return await _parts.Authorizer.Check(request.User, request.Path, request.Method, cancel) is { } closed ? closed : await _parts.System.Handle(request, query, cancel);
        if (found.Refusal is { } lost) return lost;
        if (trail is not null) trail.Route = found.Value;

        // 3 authorize
        if (await _parts.Authorizer.Check(request.User, found.Value, query, cancel) is { } forbidden)
        {
            if (trail is not null) trail.Forbidden = true;
            return forbidden;
        }

        // the form of the answer; then 4 to 9, in the folder of each verb
        var format = Format.Of(request, query);
        if (format.Refusal is { } unacceptable) return unacceptable;
        return await Counted(Call.Of(_parts, request, found.Value, query, format.Value), cancel);
    }

    async ValueTask<ApiResponse> Counted(Call call, CancellationToken cancel)
    {
        var kind = RequestKind.Of(call);
        var started = _parts.Time.GetTimestamp();
        if (!kind.Lasts) _metrics.Entered(kind.Reads);
        try
        {
            var response = WriteOptions.Check(call) is { } unfit ? unfit : await Verb(call, cancel);
            _metrics.Count(kind, response is Answer answer ? answer.Status : 200, _parts.Time.GetElapsedTime(started));
            return response is Watching watching ? watching with { Count = _metrics.Open(kind) } : response;
        }
        finally
        {
            if (!kind.Lasts) _metrics.Left(kind.Reads);
        }
    }

    static ValueTask<ApiResponse> Verb(Call call, CancellationToken cancel) => (call.Route.Subresource, call.Route.Verb) switch
    {
        ("", _) when call.Type.Group == Figures.Group => Figures.Handle(call, cancel),
        ("", "create") when Reviews.Answers(call) => Reviews.Handle(call, cancel),
        ("", "create") when call.Type is { Group: "", Kind: "Binding" } => Binding.HandleLegacy(call, cancel),
        ("" or "status" or "ephemeralcontainers" or "resize" or "approval", "get") => Get.Handle(call, cancel),
        ("", "list") => List.Handle(call, cancel),
        ("", "watch") => Watch.Handle(call, cancel),
        ("", "create") => Create.Handle(call, cancel),
        ("" or "status" or "ephemeralcontainers" or "resize" or "approval", "update") => Update.Handle(call, cancel),
        ("" or "status" or "ephemeralcontainers" or "resize" or "approval", "patch") => Patch.Handle(call, cancel),
        ("", "delete") => Delete.Handle(call, cancel),
        ("", "deletecollection") => DeleteCollection.Handle(call, cancel),
        ("scale", _) => Scale.Handle(call, cancel),
        ("binding", "create") => Binding.Handle(call, cancel),
        ("token", "create") => TokenRequests.Handle(call, cancel),
        ("eviction", "create") => Eviction.Handle(call, cancel),
        ("finalize", "update") => Finalizing.Handle(call, cancel),
        ("proxy", _) => Proxies.Handle(call, cancel),
        ("log" or "exec" or "attach" or "portforward", _) => PodStreams.Handle(call, cancel),
        var (subresource, _) => new(new Refusal(501, "NotImplemented", $"Kennel does not serve {call.Type.QualifiedName}/{subresource} yet")),
    };
}
