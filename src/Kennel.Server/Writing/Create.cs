using System.Text.Json.Nodes;
using Kennel.Objects.Applying;
using Kennel.Objects.Kinds;
using Kennel.Objects.Refusals;
using Kennel.Server.Admission;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Routing;
using Kennel.Store;

namespace Kennel.Server.Writing;

/// <summary>A new object.</summary>
static class Create
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call);
        if (body.Refusal is { } unreadable) return unreadable;
        if (body.Value.Object("metadata").Text("resourceVersion") is { Length: > 0 } and not "0")
            return Refusal.BadRequest("resourceVersion should not be set on objects to be created");
        return await New(call, body.Value, applied: false, cancel);
    }

    /// <summary>Defaults, admits, validates and stores an object that isn't there yet.</summary>
    /// <param name="applied">Its managed fields are already those of a server-side apply.</param>
    public static async ValueTask<ApiResponse> New(Call call, JsonObject next, bool applied, CancellationToken cancel)
    {
        // What a change makes because it isn't there yet, one must be allowed to make.
        if (call.Route.Verb != "create" && await call.Parts.Authorizer.Check(call.Request.User, call.Route with { Verb = "create" }, call.Query, cancel) is { } forbidden) return forbidden;
        if (Place(call, next) is { } elsewhere) return elsewhere;
        var rules = KindRules.For(call.Type);
        var (time, metadata) = (call.Parts.Time.GetUtcNow(), next.Metadata());
        var generated = metadata.Text("name").Length == 0 && metadata.Text("generateName").Length > 0;
        if (generated) metadata["name"] = GeneratedNames.Next(metadata.Text("generateName"), call.Parts.Random);

        rules.Default(next);
        SystemFields.Give(next, call.Type, rules, call.Parts.NewId().ToString(), call.Now);
        if (!applied) ManagedFields.Update(null, next, call.Type, call.Manager, null, time); // what is filled in from here on has no owner
        using var admitting = new Admitting(call, next, Live: null);
        if (await call.Parts.Admissions.Admit(admitting, cancel) is { } unwanted) return unwanted;
        rules.PrepareForCreate(next, new Occasion(time, call.Parts.Gates) { Warn = call.Warn });
        if (rules.Validate(next, call.Parts.Gates) is { Count: > 0 } errors) return Refusal.Invalid(call.Type, next.Name(), errors);
        foreach (var warning in rules.Warnings(next)) call.Warn(warning);
        if (await call.Parts.Admissions.Check(admitting, cancel) is { } refused) return refused;

        var answer = await Store(call, next, generated, cancel);
        if (answer.Refusal is { } unstored) return unstored;
        if (call.DryRun) return Encode.Object(call, answer.Value.Value, 201);
        call.Parts.Admissions.Stored(call, answer.Value, admitting);
        await call.Parts.Admissions.Created(call, next, cancel);
        return Encode.Object(call, answer.Value.Value, 201);
    }

    /// <summary>Path and body must mean the same object.</summary>
    static Refusal? Place(Call call, JsonObject next)
    {
        var metadata = next.Metadata();
        if (call.Type.Namespaced)
        {
            if (metadata.Text("namespace") is { Length: > 0 } said && call.Route.Namespace.Length > 0 && said != call.Route.Namespace)
                return Refusal.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
            if (call.Route.Namespace.Length == 0) return Refusal.BadRequest("an empty namespace may not be set during creation");
            metadata["namespace"] = call.Route.Namespace;
        }
        else metadata.Remove("namespace");
        return call.Route.Name.Length > 0 ? Names.Check(call.Route.Name, metadata) : null;
    }

    static async ValueTask<Result<Entry>> Store(Call call, JsonObject next, bool generated, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = next.Name();
            var key = Route.KeyOf(call.Type, call.Route.Namespace, name);
            var form = Stored.Write(next, call.Type);
            if (call.DryRun)
                return await call.Parts.Store.Get(key, cancel) is null ? new Entry(key, Stored.Stamped(form, ""), 0, 0) : Refusal.AlreadyExists(call.Type, name);
            var outcome = await call.Parts.Store.Write(new Write(key, 0, form.Bytes, form.StampAt), cancel);
            if (outcome.Succeeded) return outcome.Entry!;
            if (!generated || attempt == GeneratedNames.Attempts) return Refusal.AlreadyExists(call.Type, name);
            next.Metadata()["name"] = GeneratedNames.Next(next.Metadata().Text("generateName"), call.Parts.Random);
        }
    }
}
