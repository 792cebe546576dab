using System.Net;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Access;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Admission;
using Kennel.Server.Answers;
using Kennel.Server.Auditing;
using Kennel.Server.Documents;
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
    readonly ServiceAddresses _addresses;
    readonly ILogger _log;

    public Pipeline(ServerOptions options)
    {
        _log = options.Log;
        Audit = options.Audit;
        _addresses = new ServiceAddresses(options.ServiceRange, options.Random);
        var accounts = new AccountTokens(options.Store, options.Catalog, options.SigningKey ?? SigningKey.Passing(), options.Time);
        Authentication = new(options.Tokens, accounts);
        var system = new SystemPaths(options.Catalog, Health, _metrics, options.Address, new OpenIdDocuments(accounts.Key, options.Address));
        _parts = new Parts(options.Store, options.Catalog, options.Time, options.Random, options.NewId, new Admissions(_addresses), new Authorizer(options.Store, options.Catalog), system)
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

    /// <summary>Learns from the store what has been handed out. Call once, before the first request.</summary>
    public ValueTask Load(CancellationToken cancel = default) => _addresses.Load(_parts.Store, cancel);

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
            return await Answer(request, trail, cancel);
        }
        catch (StoreUnavailableException e)
        {
            _log.StoreUnavailable(request.Id, request.Method, request.Path, e.Message);
            return Refusal.Unavailable(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            _log.Unexpected(e, request.Id, request.Method, request.Path);
            return Refusal.Internal($"request {request.Id} failed: {e.GetType().Name}; the server's log tells more");
        }
    }

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
            return await _parts.Authorizer.Check(request.User, request.Path, request.Method, cancel) is { } closed ? closed : _parts.System.Handle(request, query);
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
        var started = _parts.Time.GetTimestamp();
        var response = await Verb(new Call(_parts, request, found.Value, query, format.Value), cancel);
        _metrics.Count(found.Value, response is Answer answer ? answer.Status : 200, _parts.Time.GetElapsedTime(started));
        return response;
    }

    static ValueTask<ApiResponse> Verb(Call call, CancellationToken cancel) => (call.Route.Subresource, call.Route.Verb) switch
    {
        ("", "create") when Reviews.Answers(call) => Reviews.Handle(call, cancel),
        ("", "create") when call.Type is { Group: "", Kind: "Binding" } => Binding.HandleLegacy(call, cancel),
        ("" or "status" or "approval", "get") => Get.Handle(call, cancel),
        ("", "list") => List.Handle(call, cancel),
        ("", "watch") => Watch.Handle(call, cancel),
        ("", "create") => Create.Handle(call, cancel),
        ("" or "status" or "approval", "update") => Update.Handle(call, cancel),
        ("" or "status" or "approval", "patch") => Patch.Handle(call, cancel),
        ("", "delete") => Delete.Handle(call, cancel),
        ("", "deletecollection") => DeleteCollection.Handle(call, cancel),
        ("scale", _) => Scale.Handle(call, cancel),
        ("binding", "create") => Binding.Handle(call, cancel),
        ("token", "create") => TokenRequests.Handle(call, cancel),
        ("eviction", "create") => Eviction.Handle(call, cancel),
        ("finalize", "update") => Finalizing.Handle(call, cancel),
        ("log" or "exec" or "attach" or "portforward", _) => PodStreams.Handle(call, cancel),
        var (subresource, _) => new(new Refusal(501, "NotImplemented", $"Kennel does not serve {call.Type.QualifiedName}/{subresource} yet")),
    };
}
