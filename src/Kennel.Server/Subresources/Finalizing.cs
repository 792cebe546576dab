using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>The namespace controller lets go of a namespace that it has emptied: <c>spec.finalizers</c> is the body's.</summary>
static class Finalizing
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call);
        if (body.Refusal is { } unreadable) return unreadable;
        if (Names.Check(call.Route.Name, body.Value.Metadata()) is { } another) return another;
        var result = await Commit.Change(call, live =>
        {
            var next = live.DeepClone().AsObject();
            next.Child("spec").Copy("finalizers", body.Value.Object("spec"));
            foreach (var pin in (string[])["uid", "resourceVersion"]) next.Metadata().Copy(pin, body.Value.Metadata());
            return new Proposal(next, Own: true);
        }, cancel);
        return result.Refusal is { } refusal ? refusal : Encode.Object(call, result.Value);
    }
}
