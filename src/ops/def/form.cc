#include "ops/def/form.h"

namespace narrow {

Result<Form> form_for(const Forms& forms, DType dtype) {
  Form const form = forms.of(dtype);
  if (form == Form::absent)
    return fail(ErrorKind::unsupported, std::string("the runtime has no kernel for ") + to_string(dtype), {},
                "`profile=narrow`");
  if (form == Form::broken)
    return fail(ErrorKind::unsupported, std::string("the runtime's kernel misreads ") + to_string(dtype), {},
                "`profile=narrow`");
  return form;
}

}  // namespace narrow
