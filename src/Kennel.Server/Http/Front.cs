using System.Buffers;
using System.Globalization;
using Kennel.Objects.Refusals;
using Kennel.Server.Streams;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kennel.Server.Http;

/// <summary>Takes a request off the wire, hands it to the pipeline, and puts the response on the wire.</summary>
sealed class Front(Pipeline pipeline, HttpOptions options)
{
    /// <summary>Of a body that is too large, so much is still read: who is sending hears an answer only when they have sent.</summary>
    const int MaxDrainedBytes = 8 * HttpOptions.MaxBodyBytes;

    static readonly object s_user = new();
    static readonly object s_source = new();

    readonly Authenticator _authenticator = new(options.Pki.Authority, options.Time);
    readonly NodeStreams _nodes = Reach(pipeline, new(options));
    readonly Proxying _proxying = new(options);
    readonly FairQueue _reads = new(HttpOptions.MaxReads, options.Time);
    readonly FairQueue _writes = new(HttpOptions.MaxWrites, options.Time);
    long _served;

    /// <summary>The pipeline asks nodes over the same connections.</summary>
    static NodeStreams Reach(Pipeline pipeline, NodeStreams nodes)
    {
        pipeline.AskNode = nodes.Ask;
        return nodes;
    }

    public async Task Handle(HttpContext context)
    {
        var id = Interlocked.Increment(ref _served).ToString("x8", CultureInfo.InvariantCulture);
        context.Response.Headers["Audit-Id"] = id;
        try
        {
            await Serve(context, id);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is Microsoft.AspNetCore.Connections.ConnectionResetException)
        {
            // The client went away: nobody is left to tell.
        }
        catch (Exception e)
        {
            options.Log.BrokeOff(e, id, context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted) context.Abort();
            else await Respond.Send(context, Answer.Of(Refusal.Internal($"request {id} failed; the server's log tells more")));
        }
    }

    async Task Serve(HttpContext context, string id)
    {
        if (await Authenticate(context) is not { } user)
        {
            await Turn(context, User.Anonymous, id, Refusal.Unauthorized());
            return;
        }
        var isLong = LongRequests.Is(context.Request);
        var seats = isLong ? null : HttpMethods.IsGet(context.Request.Method) ? _reads : _writes;
        if (seats is not null && !await seats.Enter(user.Name, context.RequestAborted))
        {
            await Turn(context, user, id, new Refusal(429, "TooManyRequests", "Too many requests, please try again later.") { RetryAfterSeconds = 1 });
            return;
        }
        try
        {
            await Serve(context, id, user, isLong);
        }
        finally
        {
            seats?.Leave();
        }
    }

    async Task Serve(HttpContext context, string id, User user, bool isLong)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (!isLong) patience.CancelAfter(HttpOptions.RequestTimeout);
        ApiResponse response;
        try
        {
            var (body, tooLarge) = await ReadBody(context.Request, patience.Token);
            response = tooLarge ? Refusal.TooLarge($"Request entity too large: limit is {HttpOptions.MaxBodyBytes}") : await pipeline.Handle(ToRequest(context.Request, user, body, id), patience.Token);
        }
        catch (BadHttpRequestException e) // a body that never comes, breaks off, or isn't what its head says
        {
            response = new Refusal(e.StatusCode, e.StatusCode == 408 ? "Timeout" : "BadRequest", e.Message);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            response = new Refusal(504, "Timeout", $"Timeout: request did not complete within {HttpOptions.RequestTimeout.TotalSeconds:0}s");
        }
        switch (response)
        {
            case Answer answer:
                await Respond.Send(context, answer);
                break;
            case Watching watching:
                await Respond.Stream(context, watching);
                break;
            case NodeCall call:
                await _nodes.Carry(context, call, id);
                break;
            case ProxyCall call:
                await _proxying.Carry(context, call, id);
                break;
        }
    }

    /// <summary>Turns a request away before anything was asked of the pipeline.</summary>
    async Task Turn(HttpContext context, User user, string id, Refusal refusal)
    {
        if (pipeline.Audit is { } audit) await audit.Turned(ToRequest(context.Request, user, default, id), refusal.Code);
        await Respond.Send(context, Answer.Of(refusal));
    }

    /// <summary>A connection shows its certificate once, so who that is is looked up once a connection.</summary>
    ValueTask<User?> Authenticate(HttpContext context)
    {
        if (context.Request.Headers.Authorization is { Count: > 0 } header) return pipeline.Authentication.OfHeader(header.ToString(), context.RequestAborted);
        var items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items?.TryGetValue(s_user, out var known) == true) return new((User?)known);
        var user = context.Connection.ClientCertificate is { } certificate ? _authenticator.OfCertificate(certificate) : User.Anonymous;
        if (items is not null) items[s_user] = user;
        return new(user);
    }

    static ApiRequest ToRequest(HttpRequest request, User user, ReadOnlyMemory<byte> body, string id)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return ApiRequest.To(request.Method, target.StartsWith('/') ? target : new Uri(target).PathAndQuery, user) with
        {
            Body = body,
            ContentType = request.ContentType,
            Accept = request.Headers.Accept.Count > 0 ? request.Headers.Accept.ToString() : null,
            IfNoneMatch = request.Headers.IfNoneMatch.Count > 0 ? request.Headers.IfNoneMatch.ToString() : null,
            UserAgent = request.Headers.UserAgent.Count > 0 ? request.Headers.UserAgent.ToString() : null,
            Id = id,
            As = Impersonating(request.Headers),
            Source = Source(request.HttpContext),
        };
    }

    /// <summary>The text of a connection's address is made once.</summary>
    static string Source(HttpContext context)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items?.TryGetValue(s_source, out var known) == true) return (string)known!;
        var source = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (items is not null) items[s_source] = source;
        return source;
    }

    static Access.Impersonation? Impersonating(IHeaderDictionary headers)
    {
        const string Extra = "Impersonate-Extra-";
        var (user, groups, uid) = (headers["Impersonate-User"], headers["Impersonate-Group"], headers["Impersonate-Uid"]);
        if (user.Count == 0 && groups.Count == 0 && uid.Count == 0) return null; // nearly always: nothing else is looked at
        var extra = new List<(string, IReadOnlyList<string>)>();
        foreach (var (name, values) in headers)
            if (name.StartsWith(Extra, StringComparison.OrdinalIgnoreCase)) extra.Add((Uri.UnescapeDataString(name[Extra.Length..].ToLowerInvariant()), [.. values.OfType<string>()]));
        return new(user.ToString(), [.. groups.OfType<string>()], uid.ToString(), extra);
    }

    static async ValueTask<(ReadOnlyMemory<byte> Body, bool TooLarge)> ReadBody(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength == 0 || (request.ContentLength is null && HttpMethods.IsGet(request.Method))) return (default, false);
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 4096, 256, HttpOptions.MaxBodyBytes));
        var seen = 0L;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            seen += read.Buffer.Length;
            if (seen <= HttpOptions.MaxBodyBytes)
                foreach (var part in read.Buffer) body.Write(part.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return seen > HttpOptions.MaxBodyBytes ? (default, true) : (body.WrittenMemory, false);
            if (seen > MaxDrainedBytes) return (default, true);
        }
    }
}
